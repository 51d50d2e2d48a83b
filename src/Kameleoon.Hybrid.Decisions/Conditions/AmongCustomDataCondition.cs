using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests whether a custom data value is in a list, given as the text of a JSON array.</summary>
/// <remarks>The text is checked at once and parsed for the first visitor, because most conditions of a data file are never
/// tested.</remarks>
internal sealed class AmongCustomDataCondition(ConditionSource source, Warnings warnings)
    : CustomDataCondition(source)
{
    private readonly string _json = JsonArrayOrEmpty(source.Fields.Value ?? "", warnings);

    protected override string ExpectedValue =>
        $"is one of {string.Join(", ", Members.Order(StringComparer.Ordinal))}";

    // Two threads may parse at once, with the same result.
    private HashSet<string> Members => field ??= Parse(_json);

    protected override bool Passes(string value) => Members.Contains(value);

    private static string JsonArrayOrEmpty(string text, Warnings warnings)
    {
        if (IsJsonArray(text))
        {
            return text;
        }

        warnings.Add("The value of an AMONG_VALUES condition is no JSON array; the condition never holds.");
        return "[]";
    }

    private static bool IsJsonArray(string text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var json = new Utf8JsonReader(buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer)));
            json.Read();
            var isArray = json.TokenType == JsonTokenType.StartArray;
            json.Skip();

            // Throws when anything follows.
            return !json.Read() && isArray;
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static HashSet<string> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateArray().Select(Text).OfType<string>().ToHashSet(StringComparer.Ordinal);
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
