using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kameleoon.Hybrid;

/// <summary>Writes the parameters of event lines as UTF-8 into one pooled buffer. Not safe for concurrent use.</summary>
internal sealed class LineWriter : IDisposable
{
    private const int FirstSize = 64 * 1024;
    private const int LongestNumber = 40;
    private const int NonceLength = 2 * sizeof(ulong);
    private const int BytesPerEncodedChar = 9;

    private static readonly SearchValues<char> Unreserved = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    // The official SDKs escape a quotation mark with a backslash. No browser parses these texts as HTML.
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private ArrayBufferWriter<byte>? _json;

    internal int Length { get; private set; }

    internal ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Removes everything from a position to the end.</summary>
    internal void CutTo(int length) => Length = length;

    internal void Text(ReadOnlySpan<byte> ascii)
    {
        ascii.CopyTo(Room(ascii.Length));
        Length += ascii.Length;
    }

    internal void Number(long value)
    {
        value.TryFormat(Room(LongestNumber), out var written, provider: CultureInfo.InvariantCulture);
        Length += written;
    }

    internal void Number(decimal value)
    {
        value.TryFormat(Room(LongestNumber), out var written, provider: CultureInfo.InvariantCulture);
        Length += written;
    }

    internal void Boolean(bool value) => Text(value ? "true"u8 : "false"u8);

    /// <summary>Writes 16 hexadecimal characters, by which the platform recognises an event that is sent
    /// again.</summary>
    internal void Nonce() => Nonce(SecureBytes.OfThread.NextUInt64());

    internal void Nonce(ulong nonce)
    {
        nonce.TryFormat(Room(NonceLength), out var written, "X16", CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Writes a percent-encoded value, so that no character in it can end the value or the line.</summary>
    internal void Encoded(ReadOnlySpan<char> value)
    {
        var target = Room(value.Length * BytesPerEncodedChar);
        var written = 0;
        Span<byte> utf8 = stackalloc byte[4];
        while (!value.IsEmpty)
        {
            var plain = value.IndexOfAnyExcept(Unreserved);
            plain = plain < 0 ? value.Length : plain;
            Encoding.ASCII.GetBytes(value[..plain], target[written..]);
            written += plain;
            value = value[plain..];
            if (!value.IsEmpty)
            {
                // A lone surrogate becomes the replacement character, as elsewhere in the framework.
                Rune.DecodeFromUtf16(value, out var rune, out var read);
                written += Escape(utf8[..rune.EncodeToUtf8(utf8)], target[written..]);
                value = value[read..];
            }
        }

        Length += written;
    }

    /// <summary>Writes percent-encoded JSON.</summary>
    internal void Json<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        _json ??= new ArrayBufferWriter<byte>();
        _json.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_json, JsonOptions))
        {
            write(json, state);
        }

        var text = _json.WrittenSpan;
        var target = Room(text.Length * 3);
        var written = 0;
        foreach (ref readonly var one in text)
        {
            if (Unreserved.Contains((char)one))
            {
                target[written++] = one;
            }
            else
            {
                written += Escape([one], target[written..]);
            }
        }

        Length += written;
    }

    private static int Escape(ReadOnlySpan<byte> utf8, Span<byte> target)
    {
        var digits = "0123456789ABCDEF"u8;
        for (var i = 0; i < utf8.Length; i++)
        {
            target[3 * i] = (byte)'%';
            target[(3 * i) + 1] = digits[utf8[i] >> 4];
            target[(3 * i) + 2] = digits[utf8[i] & 15];
        }

        return 3 * utf8.Length;
    }

    private Span<byte> Room(int size)
    {
        if (_buffer.Length - Length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, Length + size));
            _buffer.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(Length, size);
    }
}
