using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Finds where a document is wrong by reading it again: one that is right pays nothing for it.</summary>
internal static class JsonPlace
{
    private static readonly SearchValues<char> Quoted =
        SearchValues.Create(". '/\"[]()\t\n\r\f\b\\\u0085\u2028\u2029");

    /// <summary>Describes the end of the token that cannot be used.</summary>
    internal static string Of(ReadOnlySpan<byte> json, long tokenStart, long tokenEnd)
    {
        var before = json[..(int)tokenEnd];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return Describe(PathTo(json, tokenStart), before.Count((byte)'\n'), tokenEnd - lineStart);
    }

    /// <summary>Describes where the document stops being JSON.</summary>
    /// <param name="json">The document.</param>
    /// <param name="e">What the reader says.</param>
    /// <param name="passing">The start of the value inside which that is, or null when its inside is known.</param>
    internal static string Of(ReadOnlySpan<byte> json, JsonException e, long? passing) =>
        Describe(PathTo(json, passing ?? json.Length), e.LineNumber ?? 0, e.BytePositionInLine ?? 0);

    private static string Describe(string path, long line, long position) =>
        string.Create(CultureInfo.InvariantCulture, $"at {path}, line {line + 1}, byte {position + 1}");

    /// <returns>The path after all tokens that start before a position, or that can be read at all.</returns>
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
            // Here it is.
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

    /// <summary>An array with the index of the element that comes, or an object with the member it is in.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Frame(int NameStart, int NameLength, int? Index);
}
