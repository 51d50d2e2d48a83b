using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>One JSON value of a project file, with its line. Comments and trailing commas are allowed.</summary>
internal sealed class SourceNode
{
    private static readonly JsonReaderOptions Lenient =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private SourceNode(int line, string path, JsonTokenType kind)
    {
        Line = line;
        Path = path;
        Kind = kind;
    }

    /// <summary>Counts from 1.</summary>
    internal int Line { get; }

    /// <summary>The members from the root on, as <c>flags.checkout.rules[0]</c>; empty for the root.</summary>
    internal string Path { get; }

    internal JsonTokenType Kind { get; }

    /// <summary>The text of a string, or of a number as it was written.</summary>
    internal string Text { get; private init; } = "";

    internal double Number => double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture);

    internal bool IsObject => Kind == JsonTokenType.StartObject;

    internal List<KeyValuePair<string, SourceNode>> Members { get; } = [];

    internal List<SourceNode> Items { get; } = [];

    /// <summary>Reads a whole document.</summary>
    /// <exception cref="JsonException">It is no JSON; the line in it counts from 0.</exception>
    internal static SourceNode Parse(ReadOnlySpan<byte> document)
    {
        var text = document.ToArray();
        HalfPairs.Replace<byte>(text);
        var reader = new Utf8JsonReader(text, Lenient);
        var lines = new LineCounter(text);
        reader.Read();
        var root = Read(ref reader, ref lines, "");
        reader.Read();
        return root;
    }

    internal SourceNode? Find(string name)
    {
        foreach (var (key, node) in Members)
        {
            if (string.Equals(key, name, StringComparison.Ordinal))
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>Writes the value as plain JSON.</summary>
    internal void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                foreach (var (name, node) in Members)
                {
                    writer.WritePropertyName(name);
                    node.WriteTo(writer);
                }

                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                Items.ForEach(item => item.WriteTo(writer));
                writer.WriteEndArray();
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(Text);
                break;
            default:
                writer.WriteRawValue(Text);
                break;
        }
    }

    private static SourceNode Read(ref Utf8JsonReader reader, ref LineCounter lines, string path)
    {
        var node = new SourceNode(lines.At(reader.TokenStartIndex), path, reader.TokenType)
        {
            Text = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.StartObject or JsonTokenType.StartArray => "",
                _ => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            },
        };
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                node.Members.Add(new(name, Read(ref reader, ref lines, path.Length == 0 ? name : $"{path}.{name}")));
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                node.Items.Add(Read(ref reader, ref lines, $"{path}[{node.Items.Count}]"));
            }
        }

        return node;
    }

    // The reader says where a token starts in bytes; tokens come in order, so each line is counted once.
    private ref struct LineCounter(ReadOnlySpan<byte> document)
    {
        private readonly ReadOnlySpan<byte> _document = document;
        private int _counted;
        private int _line = 1;

        internal int At(long index)
        {
            _line += _document[_counted..(int)index].Count((byte)'\n');
            _counted = (int)index;
            return _line;
        }
    }
}
