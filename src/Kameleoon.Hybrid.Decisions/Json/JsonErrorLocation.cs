using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Finds the JSON path and line of an error by reading the document again.</summary>
internal static class JsonErrorLocation
{
    private static readonly SearchValues<char> Quoted =
        SearchValues.Create(". '/\"[]()\t\n\r\f\b\\\u0085\u2028\u2029");

    /// <summary>Describes the location of a token that has the wrong type or range.</summary>
    internal static string Describe(ReadOnlySpan<byte> json, long tokenStart, long tokenEnd)
    {
        var before = json[..(int)tokenEnd];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return Describe(PathTo(json, tokenStart), before.Count((byte)'\n'), tokenEnd - lineStart);
    }

    /// <summary>Describes where the document is no valid JSON.</summary>
    /// <param name="json">The document.</param>
    /// <param name="e">The exception of the JSON reader.</param>
    /// <param name="skippedFrom">The start of the value that was being skipped, or null; the path ends there.</param>
    internal static string Describe(ReadOnlySpan<byte> json, JsonException e, long? skippedFrom) =>
        Describe(PathTo(json, skippedFrom ?? json.Length), e.LineNumber ?? 0, e.BytePositionInLine ?? 0);

    private static string Describe(string path, long line, long position) =>
        string.Create(CultureInfo.InvariantCulture, $"at {path}, line {line + 1}, byte {position + 1}");

    /// <returns>The path at a position, or at the first token that cannot be read.</returns>
    private static string PathTo(ReadOnlySpan<byte> json, long position)
    {
        var frames = new Stack<Frame>();
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read() && reader.TokenStartIndex < position)
            {
                Follow(in reader, frames);
            }
        }
        catch (JsonException)
        {
            // The error is here.
        }

        var path = new StringBuilder("$");
        foreach (var frame in frames.Reverse())
        {
            Append(path, frame, json);
        }

        return path.ToString();
    }

    private static void Follow(ref readonly Utf8JsonReader reader, Stack<Frame> frames)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                frames.Pop();
                frames.Push(new Frame((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, Index: null));
                return;
            case JsonTokenType.StartObject:
                frames.Push(default);
                return;
            case JsonTokenType.StartArray:
                frames.Push(new Frame(0, 0, Index: 0));
                return;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                frames.Pop();
                break;
        }

        if (frames.TryPop(out var frame))
        {
            frames.Push(frame.Index is { } index ? frame with { Index = index + 1 } : default);
        }
    }

    private static void Append(StringBuilder path, Frame frame, ReadOnlySpan<byte> json)
    {
        if (frame.Index is { } index)
        {
            path.Append(CultureInfo.InvariantCulture, $"[{index}]");
        }
        else if (frame.NameStart > 0)
        {
            var name = Encoding.UTF8.GetString(json.Slice(frame.NameStart, frame.NameLength));
            path.Append(name.AsSpan().ContainsAny(Quoted) ? $"['{name}']" : $".{name}");
        }
    }

    /// <summary>
    /// An array with the index of the next element, or an object with the name of its current member.
    /// </summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Frame(int NameStart, int NameLength, int? Index);
}
