using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads a JSON document forward, token by token; a value of an unexpected type throws.</summary>
/// <remarks>
/// Methods return null for a JSON null. The exceptions are those of <see cref="Utf8JsonReader"/> and do not say where
/// the error is; <see cref="JsonErrorLocation"/> finds it afterwards.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal ref struct JsonCursor(ReadOnlySpan<byte> document, StringPool texts)
{
    private readonly ReadOnlySpan<byte> _document = document;
    private readonly StringPool _texts = texts;
    private Utf8JsonReader _json = new(document);

    /// <summary>The type of the current token.</summary>
    internal readonly JsonTokenType Kind => _json.TokenType;

    /// <summary>The position of the first byte of the current token.</summary>
    internal readonly long Start => _json.TokenStartIndex;

    /// <summary>The position after the current token.</summary>
    internal readonly long End => _json.BytesConsumed;

    /// <summary>The start of the value that is being skipped, or null when none is.</summary>
    internal long? SkippedFrom { get; private set; }

    /// <summary>Moves to the next token; false after the last one.</summary>
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

    /// <summary>Whether the current member has a name.</summary>
    // When inlined, the comparison with a constant takes one or two machine words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool NameEquals(ReadOnlySpan<byte> name) =>
        _json.ValueIsEscaped ? _json.ValueTextEquals(name) : _json.ValueSpan.SequenceEqual(name);

    /// <returns>The name, or an empty text for a name that no member of a data file has.</returns>
    internal readonly string GetName() => Ascii.IsValid(_json.ValueSpan) ? _texts.Get(in _json) : "";

    /// <summary>Skips the value of a member.</summary>
    internal void SkipMember()
    {
        if (_json.ValueIsEscaped)
        {
            // Throws for half a surrogate pair; the name itself is not used.
            _json.GetString();
        }

        SkippedFrom = _json.TokenStartIndex + 1;
        _json.Skip();
        SkippedFrom = null;
    }

    /// <summary>Moves to the value of a member and skips it; a scalar can still be read.</summary>
    /// <param name="raw">The bytes of the value.</param>
    internal JsonTokenType SkipValue(out ReadOnlySpan<byte> raw)
    {
        SkippedFrom = _json.TokenStartIndex + 1;
        _json.Read();
        var kind = _json.TokenType;
        var start = _json.TokenStartIndex;
        _json.Skip();
        SkippedFrom = null;
        raw = BytesFrom(start);
        return kind;
    }

    /// <summary>Moves to the value of a member, which must be a string or null, and skips it.</summary>
    internal void SkipText()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.String || _json.ValueIsEscaped || !Ascii.IsValid(_json.ValueSpan))
        {
            // Throws for another type, half a surrogate pair and invalid UTF-8.
            _json.GetString();
        }
    }

    /// <summary>The bytes from a position to the end of the current token.</summary>
    internal readonly ReadOnlySpan<byte> BytesFrom(long start) => _document[(int)start..(int)_json.BytesConsumed];

    /// <summary>Enters the object that is the value of a member; false for null.</summary>
    internal bool EnterObject() => _json.Read() && IsAt(JsonTokenType.StartObject);

    /// <summary>Enters the array that is the value of a member; false for null.</summary>
    internal bool EnterArray() => _json.Read() && IsAt(JsonTokenType.StartArray);

    /// <summary>Whether an object starts here; false for null.</summary>
    internal readonly bool IsAtObject() => IsAt(JsonTokenType.StartObject);

    internal string? ReadText()
    {
        _json.Read();
        return GetText();
    }

    internal long? ReadInt64()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.Null ? null : _json.GetInt64();
    }

    /// <summary>Reads a number that may be in quotes.</summary>
    internal long? ReadQuotedInt64()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.String)
        {
            return _json.TokenType == JsonTokenType.Null ? null : _json.GetInt64();
        }

        return long.TryParse(GetText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException(
                "Either the JSON value is not in a supported format, or is out of bounds for an Int64.");
    }

    internal int? ReadInt32()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.Null ? null : _json.GetInt32();
    }

    internal double? ReadNumber()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.Null ? null : _json.GetDouble();
    }

    internal bool? ReadBoolean()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.Null ? null : _json.GetBoolean();
    }

    internal readonly string? GetText() => _json.TokenType == JsonTokenType.String
        ? _texts.Get(in _json)
        : _json.GetString();

    /// <returns>The text, or null for an escape of half a surrogate pair, which JSON allows and .NET does
    /// not.</returns>
    internal readonly string? GetTextOrNull()
    {
        try
        {
            return GetText();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    internal readonly double GetNumber() => _json.GetDouble();

    internal readonly bool GetBoolean() => _json.GetBoolean();

    /// <returns>An <see cref="int"/>, <see cref="long"/> or <see cref="double"/>: the first that holds it.</returns>
    internal readonly object GetBoxedNumber() =>
        _json.TryGetInt32(out var small) ? small
        : _json.TryGetInt64(out var large) ? large
        : (object)_json.GetDouble();

    private readonly bool IsAt(JsonTokenType start)
    {
        if (_json.TokenType != start && _json.TokenType != JsonTokenType.Null)
        {
            // The message is empty: the location of the error, which is added later, says enough.
            throw new InvalidOperationException("");
        }

        return _json.TokenType == start;
    }
}
