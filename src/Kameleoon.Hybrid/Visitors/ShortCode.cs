using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Kameleoon.Hybrid;

/// <summary>A visitor code of at most 16 ASCII characters, without an object. The codes that the platform's SDKs and this
/// library generate have 16.</summary>
/// <param name="First">The first eight characters, zeros at the end.</param>
/// <param name="Second">The other characters, zeros at the end.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShortCode(ulong First, ulong Second)
{
    private const int Length = 2 * sizeof(ulong);

    /// <summary>Returns a hash that visitors cannot foretell. They choose their codes, and many with one hash would be slow to
    /// find.</summary>
    public override int GetHashCode()
    {
        ReadOnlySpan<ulong> words = [First, Second];
        return string.GetHashCode(MemoryMarshal.Cast<ulong, char>(words), StringComparison.Ordinal);
    }

    /// <summary>Reads a visitor code.</summary>
    /// <returns>False if the code is longer or has other characters.</returns>
    internal static bool TryRead(ReadOnlySpan<char> code, out ShortCode read)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes.Clear();
        if (code.Length > Length
            || Ascii.FromUtf16(code, bytes, out var written) != OperationStatus.Done
            || bytes[..written].Contains((byte)0))
        {
            read = default;
            return false;
        }

        read = new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(ulong)..]));
        return true;
    }
}
