using System.Numerics;
using System.Text;
using System.Text.Json;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Returns one shared string for each short text that a document repeats.</summary>
/// <remarks>
/// The pool has a fixed number of slots: a text replaces another of the same slot, which is then read again. The slot
/// is found by a hash of the first and last bytes. Safe for concurrent use, because a slot is one reference.
/// </remarks>
internal sealed class StringPool
{
    private const int MaxBytes = 64;

    private const int Slots = 4096;

    private readonly string?[] _texts = new string?[Slots];

    /// <summary>Returns the current string or name of a reader.</summary>
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
