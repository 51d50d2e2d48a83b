using System.Numerics;
using System.Text;
using System.Text.Json;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Returns one shared string for each short text that a document repeats.</summary>
/// <remarks>
/// The pool has a fixed number of slots in pairs: a text replaces the one of its pair that was used less recently, which is
/// then read again. So texts that occur once do not displace those that repeat. The pair is found by a hash of the first
/// and last bytes. Safe for concurrent use, because a slot is one reference.
/// </remarks>
/// <param name="length">The length of the document, which sets the number of slots.</param>
internal sealed class StringPool(int length)
{
    private const int MaxBytes = 64;

    // A kilobyte of a data file has about one text of its own.
    private const int BytesPerSlot = 512;
    private const int MinSlots = 256;
    private const int MaxSlots = 4096;

    private readonly string?[] _texts =
        new string?[BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(length / BytesPerSlot, MinSlots, MaxSlots))];

    /// <summary>Returns the current string or name of a reader.</summary>
    internal string Get(ref readonly Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > MaxBytes)
        {
            return reader.GetString()!;
        }

        return reader.ValueIsEscaped ? GetEscaped(in reader) : Get(in reader, reader.ValueSpan);
    }

    private string GetEscaped(ref readonly Utf8JsonReader reader)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        return Get(in reader, text[..reader.CopyString(text)]);
    }

    private string Get(ref readonly Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        var place = Hash(bytes) & (_texts.Length - 1);
        ref var slot = ref _texts[place];
        if (slot is { } text && Ascii.Equals(bytes, text))
        {
            return text;
        }

        ref var second = ref _texts[place ^ 1];
        var found = second is { } other && Ascii.Equals(bytes, other) ? other : reader.GetString()!;
        (slot, second) = (found, slot);
        return found;
    }

    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var (start, end) = bytes.Length switch
        {
            >= 8 => (ReadUInt64LittleEndian(bytes), ReadUInt64LittleEndian(bytes[^8..])),
            >= 4 => (ReadUInt32LittleEndian(bytes), ReadUInt32LittleEndian(bytes[^4..])),
            > 0 => ((ulong)bytes[0], bytes[^1]),
            _ => (0ul, 0ul),
        };
        return (uint)(((start ^ BitOperations.RotateLeft(end, 29)) + (uint)bytes.Length) * 0x9E37_79B9_7F4A_7C15 >> 48);
    }
}
