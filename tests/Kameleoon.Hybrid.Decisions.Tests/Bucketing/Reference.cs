using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>The hash as the framework computes it.</summary>
internal static class Reference
{
    internal static double Hash(string code, string suffix) => (double)Digest(Bytes(code, suffix)) / Math.Pow(2, 128);

    internal static UInt128 Digest(ReadOnlySpan<byte> text) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(text));

    private static byte[] Bytes(string code, string suffix) =>
        [.. Encoding.UTF8.GetBytes(code), .. Encoding.UTF8.GetBytes(suffix)];
}

/// <summary>Numbers that a printed seed brings back (SplitMix64).</summary>
internal sealed class SeededNumbers(long seed)
{
    private ulong _state = (ulong)seed;

    internal ulong Next()
    {
        var mixed = _state += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }

    internal int Below(int limit) => (int)(Next() % (ulong)limit);
}
