using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kameleoon.Hybrid;

/// <summary>Tells other servers which stages visitors of an experiment have reached: 36 bytes, then five for each visitor.</summary>
/// <param name="ExperimentId">The experiment.</param>
/// <param name="Fingerprint">Stands for the version of the experiment and the build of the application.</param>
/// <param name="Window">The number of the window.</param>
/// <param name="Started">When the window began.</param>
/// <param name="Changes">The visitors.</param>
internal sealed record WindowMessage(
    long ExperimentId, ulong Fingerprint, int Window, DateTimeOffset Started, IReadOnlyList<PlaceChange> Changes)
{
    /// <summary>The largest number of visitors in a message, which has about 30 kB then.</summary>
    internal const int MaxChanges = 6000;

    private const int Format = 1;
    private const int HeadSize = 36;
    private const int ChangeSize = 5;

    /// <summary>Returns eight bytes that stand for a text, the same on every server.</summary>
    internal static ulong Stamp(string text) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    internal byte[] Write()
    {
        var bytes = new byte[HeadSize + (ChangeSize * Changes.Count)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Format);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4), ExperimentId);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(12), Fingerprint);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), Window);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(28), Started.ToUnixTimeMilliseconds());
        for (var i = 0; i < Changes.Count; i++)
        {
            var at = bytes.AsSpan(HeadSize + (ChangeSize * i));
            var change = Changes[i];
            at[0] = (byte)change.Place;
            at[1] = (byte)(change.Place >> 8);
            at[2] = (byte)(change.Place >> 16);
            at[3] = change.Bits;
            at[4] = change.Variation;
        }

        return bytes;
    }

    /// <summary>Reads a message, or returns null for one of another format.</summary>
    internal static WindowMessage? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadSize
            || (bytes.Length - HeadSize) % ChangeSize != 0
            || BinaryPrimitives.ReadInt32LittleEndian(bytes) != Format
            || BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]) is not (> 0 and var window)
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[28..]) is not (>= 0 and < 253402300800000 and var started))
        {
            return null;
        }

        var changes = new PlaceChange[(bytes.Length - HeadSize) / ChangeSize];
        for (var i = 0; i < changes.Length; i++)
        {
            var at = bytes[(HeadSize + (ChangeSize * i))..];
            changes[i] = new PlaceChange(at[0] | (at[1] << 8) | (at[2] << 16), at[3], at[4]);
        }

        return new WindowMessage(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]),
            window,
            DateTimeOffset.FromUnixTimeMilliseconds(started),
            changes);
    }
}
