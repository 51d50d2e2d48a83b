using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The name and the format of one field of an event.</summary>
internal sealed record FieldRule(string Name, bool Required, FieldKind Kind)
{
    // Above any price, and far enough from the end of decimal that sums cannot overflow.
    private const decimal MaxAmount = 1_000_000_000_000_000m;

    internal void Check(string type, Dictionary<string, string> fields, Violations violations)
    {
        if (!fields.TryGetValue(Name, out var value))
        {
            if (Required)
            {
                violations.Add($"The {type} event has no {Name}.");
            }
        }
        else if (!Holds(value))
        {
            violations.Add($"{Name} is \"{Violations.Quote(value)}\", which is not {Expected}.");
        }
    }

    private string Expected => Kind switch
    {
        FieldKind.WholeNumber => "a whole number",
        FieldKind.Amount => "an amount with a decimal point",
        FieldKind.Boolean => "true or false",
        FieldKind.JsonObject => "a JSON object",
        _ => "a text",
    };

    private bool Holds(string value) => Kind switch
    {
        FieldKind.WholeNumber => long.TryParse(
            value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        FieldKind.Amount => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            && Math.Abs(amount) <= MaxAmount,
        FieldKind.Boolean => value is "true" or "false",
        FieldKind.JsonObject => IsJsonObject(value),
        _ => value.Length > 0,
    };

    private static bool IsJsonObject(string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>The formats of field values.</summary>
internal enum FieldKind
{
    /// <summary>Any text but the empty one.</summary>
    Text,

    /// <summary>An integer of 64 bits.</summary>
    WholeNumber,

    /// <summary>A decimal number in the invariant culture.</summary>
    Amount,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A JSON object.</summary>
    JsonObject,
}
