using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Walks through a document once. Null stands for null; a value of another type is an exception.</summary>
/// <remarks>
/// The exceptions are those of the reader and name no place: <see cref="JsonPlace"/> finds it when one got out.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal ref struct JsonCursor(ReadOnlySpan<byte> document, TextPool texts)
{
    private readonly ReadOnlySpan<byte> _document = document;
    private readonly TextPool _texts = texts;
    private Utf8JsonReader _json = new(document);

    /// <summary>The kind of the value, or of its first token.</summary>
    internal readonly JsonTokenType Kind => _json.TokenType;

    /// <summary>Where the value starts.</summary>
    internal readonly long Start => _json.TokenStartIndex;

    /// <summary>Where the token ends.</summary>
    internal readonly long End => _json.BytesConsumed;

    /// <summary>Where a value starts whose inside nobody looks at, while it is passed over.</summary>
    internal long? Passing { get; private set; }

    /// <summary>Moves to the next token; false behind the last one.</summary>
    internal bool Next() => _json.Read();

    /// <summary>Moves to the next name; false at the end of the object.</summary>
    internal bool NextMember()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Moves to the next value; false at the end of the array.</summary>
    internal bool NextElement()
    {
        _json.Read();
        return _json.TokenType != JsonTokenType.EndArray;
    }

    // Inlined, comparing with a constant is one or two machine words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool Is(ReadOnlySpan<byte> name) =>
        _json.ValueIsEscaped ? _json.ValueTextEquals(name) : _json.ValueSpan.SequenceEqual(name);

    /// <returns>The name, or none for one that no member of a data file has.</returns>
    internal readonly string Name() => Ascii.IsValid(_json.ValueSpan) ? _texts.Get(in _json) : "";

    /// <summary>Passes over the value of a member.</summary>
    internal void Ignore()
    {
        if (_json.ValueIsEscaped)
        {
            // Refuses half a surrogate pair, though nobody wants the name.
            _json.GetString();
        }

        Passing = _json.TokenStartIndex + 1;
        _json.Skip();
        Passing = null;
    }

    /// <summary>Moves to the value of a member and passes over it; a scalar can still be read.</summary>
    /// <param name="raw">The bytes of the value.</param>
    internal JsonTokenType Pass(out ReadOnlySpan<byte> raw)
    {
        Passing = _json.TokenStartIndex + 1;
        _json.Read();
        var kind = _json.TokenType;
        var start = _json.TokenStartIndex;
        _json.Skip();
        Passing = null;
        raw = Since(start);
        return kind;
    }

    /// <summary>Moves to the value of a member, which must be a text or null, and passes over it.</summary>
    internal void PassText()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.String || _json.ValueIsEscaped || !Ascii.IsValid(_json.ValueSpan))
        {
            // Refuses another type, halves of surrogate pairs and what is no UTF-8.
            _json.GetString();
        }
    }

    /// <summary>The bytes from a place on, to the end of the token.</summary>
    internal readonly ReadOnlySpan<byte> Since(long start) => _document[(int)start..(int)_json.BytesConsumed];

    /// <summary>Enters the object that is the value of a member; false for null.</summary>
    internal bool EnterObject() => _json.Read() && IsAt(JsonTokenType.StartObject);

    /// <summary>Enters the array that is the value of a member; false for null.</summary>
    internal bool EnterArray() => _json.Read() && IsAt(JsonTokenType.StartArray);

    /// <summary>Whether an object starts here; false for null.</summary>
    internal readonly bool IsAtObject() => IsAt(JsonTokenType.StartObject);

    internal string? Text()
    {
        _json.Read();
        return TextHere();
    }

    internal long? Int64()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.Null ? null : _json.GetInt64();
    }

    /// <summary>Reads a number that may stand in quotes.</summary>
    internal long? QuotedInt64()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.String)
        {
            return _json.TokenType == JsonTokenType.Null ? null : _json.GetInt64();
        }

        return long.TryParse(TextHere(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException(
                "Either the JSON value is not in a supported format, or is out of bounds for an Int64.");
    }

    internal int? Int32()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.Null ? null : _json.GetInt32();
    }

    internal double? Number()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.Null ? null : _json.GetDouble();
    }

    internal bool? Boolean()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.Null ? null : _json.GetBoolean();
    }

    internal readonly string? TextHere() => _json.TokenType == JsonTokenType.String
        ? _texts.Get(in _json)
        : _json.GetString();

    /// <returns>The text, or null for an escape of half a surrogate pair, which JSON allows and .NET does not.</returns>
    internal readonly string? TextOrNullHere()
    {
        try
        {
            return TextHere();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    internal readonly double NumberHere() => _json.GetDouble();

    internal readonly bool BooleanHere() => _json.GetBoolean();

    /// <returns>An <see cref="int"/>, <see cref="long"/> or <see cref="double"/>: the first that holds it.</returns>
    internal readonly object BoxedNumberHere() =>
        _json.TryGetInt32(out var small) ? small
        : _json.TryGetInt64(out var large) ? large
        : (object)_json.GetDouble();

    private readonly bool IsAt(JsonTokenType start)
    {
        if (_json.TokenType != start && _json.TokenType != JsonTokenType.Null)
        {
            // The place says it all.
            throw new InvalidOperationException("");
        }

        return _json.TokenType == start;
    }
}
