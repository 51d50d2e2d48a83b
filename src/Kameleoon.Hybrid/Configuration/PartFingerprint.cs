using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid;

/// <summary>One flag or segment: its name, a number for its text, and the segments it names.</summary>
internal sealed record PartFingerprint(string Name, int Text, IReadOnlyList<string> SegmentIds)
{
    /// <summary>Reads the value that begins here, up to its last token.</summary>
    internal static PartFingerprint Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> nameProperty)
    {
        var depth = reader.CurrentDepth;
        var name = "";
        var text = default(HashCode);
        var segments = new List<string>();
        while (true)
        {
            text.Add(reader.TokenType);
            text.AddBytes(reader.ValueSpan);
            var isStart = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            if (reader.CurrentDepth == depth && !isStart)
            {
                return new(name, text.ToHashCode(), segments);
            }

            var isName = IsProperty(ref reader, nameProperty) && reader.CurrentDepth == depth + 1;
            var isSegment = IsProperty(ref reader, "segmentId"u8);
            reader.Read();
            name = isName ? Value(ref reader) : name;
            if (isSegment)
            {
                segments.Add(Value(ref reader));
            }
        }
    }

    /// <summary>A number for the text and that of all segments below.</summary>
    internal int With(Dictionary<string, PartFingerprint> segments)
    {
        var sum = default(HashCode);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<PartFingerprint>([this]);
        while (open.TryPop(out var part))
        {
            sum.Add(part.Text);
            foreach (var id in part.SegmentIds)
            {
                if (seen.Add(id) && segments.TryGetValue(id, out var segment))
                {
                    open.Push(segment);
                }
            }
        }

        return sum.ToHashCode();
    }

    private static bool IsProperty(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueIsEscaped)
        {
            return reader.TokenType == JsonTokenType.PropertyName && reader.ValueSpan.SequenceEqual(name);
        }

        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // Members that decisions do not read may have an escape of half a surrogate pair, which JSON allows and .NET does not.
    private static string Value(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
