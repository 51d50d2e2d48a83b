using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>SHA-256 of two messages of one block each, computed at once.</summary>
/// <remarks>
/// Each half of a vector holds one message. The rounds use one lane of each half; the message schedule, which is half
/// of the work, uses all lanes.
/// </remarks>
internal static class Sha256Pair
{
    /// <summary>Whether two at once are faster than one after the other, which needs vector rotations.</summary>
    internal static bool IsWorthwhile => Avx512F.VL.IsSupported;

    internal static (UInt128 First, UInt128 Second) Digest(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var s = Sha256Block.InitialState;
        var (a, b, c, d) = (Same(s[0]), Same(s[1]), Same(s[2]), Same(s[3]));
        var (e, f, g, h) = (Same(s[4]), Same(s[5]), Same(s[6]), Same(s[7]));
        var (w0, w1) = (Load(first, second), Load(first[16..], second[16..]));
        var (w2, w3) = (Load(first[32..], second[32..]), Load(first[48..], second[48..]));

        for (var k = Sha256Block.RoundConstants; !k.IsEmpty; k = k[16..])
        {
            FourRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, w0 + Both(k));
            w0 = Extend(w0, w1, w2, w3);
            FourRounds(ref e, ref f, ref g, ref h, ref a, ref b, ref c, ref d, w1 + Both(k[4..]));
            w1 = Extend(w1, w2, w3, w0);
            FourRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, w2 + Both(k[8..]));
            w2 = Extend(w2, w3, w0, w1);
            FourRounds(ref e, ref f, ref g, ref h, ref a, ref b, ref c, ref d, w3 + Both(k[12..]));
            w3 = Extend(w3, w0, w1, w2);
        }

        a += Same(s[0]);
        b += Same(s[1]);
        c += Same(s[2]);
        d += Same(s[3]);
        return (
            new UInt128(((ulong)a[0] << 32) | b[0], ((ulong)c[0] << 32) | d[0]),
            new UInt128(((ulong)a[4] << 32) | b[4], ((ulong)c[4] << 32) | d[4]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRounds(
        ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d,
        ref Vector256<uint> e, ref Vector256<uint> f, ref Vector256<uint> g, ref Vector256<uint> h,
        Vector256<uint> input)
    {
        EightLanes.Round(a, b, c, ref d, e, f, g, ref h, input);
        EightLanes.Round(h, a, b, ref c, d, e, f, ref g, Avx2.ShiftRightLogical128BitLane(input, sizeof(uint)));
        EightLanes.Round(g, h, a, ref b, c, d, e, ref f, Avx2.ShiftRightLogical128BitLane(input, 2 * sizeof(uint)));
        EightLanes.Round(f, g, h, ref a, b, c, d, ref e, Avx2.ShiftRightLogical128BitLane(input, 3 * sizeof(uint)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Extend(
        Vector256<uint> w0, Vector256<uint> w1, Vector256<uint> w2, Vector256<uint> w3)
    {
        var from15 = Avx2.AlignRight(w1, w0, sizeof(uint));
        var sum = w0 + Avx2.AlignRight(w3, w2, sizeof(uint))
            + (EightLanes.Rotate(from15, 7) ^ EightLanes.Rotate(from15, 18) ^ (from15 >>> 3));
        sum += Sigma1(Avx2.ShiftRightLogical128BitLane(w3, 2 * sizeof(uint)));
        return sum + Sigma1(Avx2.ShiftLeftLogical128BitLane(sum, 2 * sizeof(uint)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Sigma1(Vector256<uint> w) =>
        EightLanes.Rotate(w, 17) ^ EightLanes.Rotate(w, 19) ^ (w >>> 10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Load(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        Vector256.Create(Sha256Block.Load(first), Sha256Block.Load(second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Both(ReadOnlySpan<uint> k) => Vector256.Create(Vector128.Create(k));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Same(uint value) => Vector256.Create(value);
}
