using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>SHA-256 (FIPS 180-4) of one message that fits one block together with its padding.</summary>
/// <remarks>
/// For a text this short, the framework's one-shot call costs several times the hashing itself, and managed code cannot
/// use the SHA instructions of x86. Here the rounds run on integers while vectors compute the message schedule.
/// </remarks>
internal static class Sha256Block
{
    internal const int Size = 64;

    // Arrays, because debug builds allocate for a span of constants at every use.
    private static readonly uint[] Initial =
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    private static readonly uint[] Rounds =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Whether the machine has vectors; without them the framework is faster.</summary>
    internal static bool IsWorthwhile => Vector128.IsHardwareAccelerated;

    internal static ReadOnlySpan<uint> InitialState => Initial;

    internal static ReadOnlySpan<uint> RoundConstants => Rounds;

    /// <param name="block">The message, padded and with its length.</param>
    /// <returns>The first half of the digest, big-endian.</returns>
    internal static UInt128 Digest(ReadOnlySpan<byte> block) =>
        Sha256ArmBlock.IsSupported ? Sha256ArmBlock.Digest(block) : DigestManaged(block);

    internal static UInt128 DigestManaged(ReadOnlySpan<byte> block)
    {
        var s = InitialState;
        var (a, b, c, d) = (s[0], s[1], s[2], s[3]);
        var (e, f, g, h) = (s[4], s[5], s[6], s[7]);
        var (w0, w1, w2, w3) = (Load(block), Load(block[16..]), Load(block[32..]), Load(block[48..]));

        for (var k = RoundConstants; !k.IsEmpty; k = k[16..])
        {
            FourRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, w0 + Vector128.Create(k));
            w0 = Extend(w0, w1, w2, w3);
            FourRounds(ref e, ref f, ref g, ref h, ref a, ref b, ref c, ref d, w1 + Vector128.Create(k[4..]));
            w1 = Extend(w1, w2, w3, w0);
            FourRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, w2 + Vector128.Create(k[8..]));
            w2 = Extend(w2, w3, w0, w1);
            FourRounds(ref e, ref f, ref g, ref h, ref a, ref b, ref c, ref d, w3 + Vector128.Create(k[12..]));
            w3 = Extend(w3, w0, w1, w2);
        }

        return new UInt128(((ulong)(a + s[0]) << 32) | (b + s[1]), ((ulong)(c + s[2]) << 32) | (d + s[3]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRounds(
        ref uint a, ref uint b, ref uint c, ref uint d, ref uint e, ref uint f, ref uint g, ref uint h,
        Vector128<uint> input)
    {
        Round(a, b, c, ref d, e, f, g, ref h, input[0]);
        Round(h, a, b, ref c, d, e, f, ref g, input[1]);
        Round(g, h, a, ref b, c, d, e, ref f, input[2]);
        Round(f, g, h, ref a, b, c, d, ref e, input[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint input)
    {
        var mixed = h + input + ((e & f) ^ (~e & g))
            + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25));
        d += mixed;
        h = mixed + ((a & b) ^ (c & (a ^ b)))
            + (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22));
    }

    /// <summary>The four words of the message schedule that follow the given sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Extend(
        Vector128<uint> w0, Vector128<uint> w1, Vector128<uint> w2, Vector128<uint> w3)
    {
        var from15 = OneOn(w0, w1);
        var sum = w0 + OneOn(w2, w3) + (Rotate(from15, 7) ^ Rotate(from15, 18) ^ (from15 >>> 3));

        // The upper two of the new words need the lower two; an index beyond the vector reads as zero.
        sum += Sigma1(Vector128.Shuffle(w3.AsUInt64(), Vector128.Create(1UL, 2UL)).AsUInt32());
        return sum + Sigma1(Vector128.Shuffle(sum.AsUInt64(), Vector128.Create(2UL, 0UL)).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Sigma1(Vector128<uint> w) => Rotate(w, 17) ^ Rotate(w, 19) ^ (w >>> 10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> OneOn(Vector128<uint> low, Vector128<uint> high) => Ssse3.IsSupported
        ? Ssse3.AlignRight(high, low, sizeof(uint))
        : Vector128.Shuffle(low, Vector128.Create(1u, 2, 3, 4))
            | Vector128.Shuffle(high, Vector128.Create(4u, 4, 4, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotate(Vector128<uint> value, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.RotateRight(value, count)
            : (value >>> count) | (value << (32 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> Load(ReadOnlySpan<byte> bytes) => Vector128.Shuffle(
        Vector128.Create(bytes),
        Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)).AsUInt32();
}
