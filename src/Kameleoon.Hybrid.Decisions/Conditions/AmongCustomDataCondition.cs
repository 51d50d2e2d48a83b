using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests whether a custom data value is in a list, given as the text of a JSON array.</summary>
internal sealed class AmongCustomDataCondition(ConditionSource source, Warnings warnings)
    : CustomDataCondition(source)
{
    private readonly HashSet<string> _expected = Parse(source.Fields.Value ?? "", warnings);

    protected override string ExpectedValue =>
        $"is one of {string.Join(", ", _expected.Order(StringComparer.Ordinal))}";

    protected override bool Passes(string value) => _expected.Contains(value);

    private static HashSet<string> Parse(string text, Warnings warnings)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Array)
            {
                var expected = new HashSet<string>(StringComparer.Ordinal);
                foreach (var element in document.RootElement.EnumerateArray())
                {
                    if (Text(element) is { } value)
                    {
                        expected.Add(value);
                    }
                }

                return expected;
            }
        }
        catch (JsonException)
        {
            // Reported below, like all other text that is no array.
        }

        warnings.Add("The value of an AMONG_VALUES condition is no JSON array; the condition never holds.");
        return [];
    }

    private static string? Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => JsonText.GetTextOrNull(element),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number when element.TryGetInt64(out var integer) =>
            integer.ToString(CultureInfo.InvariantCulture),
        JsonValueKind.Number => WithoutExponent(element.GetDouble()),
        _ => null,
    };

    /// <remarks>The shortest text that parses to the same number, without an exponent.</remarks>
    private static string? WithoutExponent(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e < 0 || !double.IsFinite(number))
        {
            return double.IsFinite(number) ? text : null;
        }

        var sign = text.StartsWith('-') ? "-" : "";
        var digits = text[sign.Length..e].Replace(".", "", StringComparison.Ordinal);
        var point = 1 + int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return point > 0
            ? $"{sign}{digits.PadRight(point, '0')}"
            : $"{sign}0.{new string('0', -point)}{digits}";
    }
}
