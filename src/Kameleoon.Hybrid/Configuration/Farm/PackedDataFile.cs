using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Kameleoon.Hybrid;

/// <summary>The content of a copy that servers share: a line that names the data file, the document's length, and the document,
/// compressed.</summary>
internal static class PackedDataFile
{
    // A copy could otherwise expand to more than the memory of a server.
    internal const int MaxBytes = 256 * 1024 * 1024;

    internal static byte[] Pack(DataFileKey key, ReadOnlyMemory<byte> json)
    {
        var packed = new MemoryStream();
        packed.Write(HeaderOf(key));
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        packed.Write(length);
        using (var compressed = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            compressed.Write(json.Span);
        }

        return packed.ToArray();
    }

    /// <exception cref="InvalidDataException">It is damaged, or of another data file.</exception>
    internal static byte[] Unpack(DataFileKey key, ReadOnlyMemory<byte> content)
    {
        var header = HeaderOf(key);
        if (!content.Span.StartsWith(header) || content.Length < header.Length + sizeof(int))
        {
            throw new InvalidDataException("The copy in the shared store is of another data file, or no data file.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(content.Span[header.Length..]);
        if (length is < 0 or > MaxBytes)
        {
            throw new InvalidDataException("The copy in the shared store is damaged.");
        }

        var json = new byte[length];
        try
        {
            using var compressed = new BrotliStream(
                new MemoryStream(content[(header.Length + sizeof(int))..].ToArray()), CompressionMode.Decompress);
            compressed.ReadExactly(json);
            return json;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            throw new InvalidDataException("The copy in the shared store is damaged.", e);
        }
    }

    private static byte[] HeaderOf(DataFileKey key) => Encoding.UTF8.GetBytes($"kameleoon-data-file 1 {key}\n");
}
