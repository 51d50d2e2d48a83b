using System.Numerics;
using System.Text;
using System.Text.Json;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Keeps one string of each short text that a document repeats, found by its bytes.</summary>
/// <remarks>
/// A text may push out another, which is then read again: no document makes it large or slow, and a hash of both ends
/// is good enough. Safe for concurrent use, as a slot is read and written whole.
/// </remarks>
internal sealed class TextPool
{
    private const int MaxBytes = 64;

    private const int Slots = 4096;

    private readonly string?[] _texts = new string?[Slots];

    /// <summary>Reads the text or name the reader stands on.</summary>
    internal string Get(ref readonly Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.ValueSpan.Length > MaxBytes)
        {
            return reader.GetString()!;
        }

        var bytes = reader.ValueSpan;
        ref var slot = ref _texts[Hash(bytes) % Slots];
        return slot is { } text && Ascii.Equals(bytes, text) ? text : slot = reader.GetString()!;
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
        return (uint)(((start ^ BitOperations.RotateLeft(end, 29)) + (uint)bytes.Length) * 0x9E37_79B9_7F4A_7C15 >> 40);
    }
}
