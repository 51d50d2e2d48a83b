using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Hashes eight messages at once, in 256-bit vectors.</summary>
internal readonly struct EightLanes : ILanes<Vector256<uint>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Broadcast(uint value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> left, Vector256<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Round(
        Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, ref Vector256<uint> d,
        Vector256<uint> e, Vector256<uint> f, Vector256<uint> g, ref Vector256<uint> h, Vector256<uint> input)
    {
        var known = h + input;
        var choice = Vector256.ConditionalSelect(e, f, g);
        var sigma = Rotate(e, 6) ^ Rotate(e, 11) ^ Rotate(e, 25);

        // Summed anew rather than shared with h: one addition less on the path from round to round.
        d = d + known + choice + sigma;
        h = known + choice + sigma + Majority(a, b, c) + (Rotate(a, 2) ^ Rotate(a, 13) ^ Rotate(a, 22));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Extend(
        Vector256<uint> from16, Vector256<uint> from15, Vector256<uint> from7, Vector256<uint> from2) =>
        from16 + from7
        + (Rotate(from15, 7) ^ Rotate(from15, 18) ^ (from15 >>> 3))
        + (Rotate(from2, 17) ^ Rotate(from2, 19) ^ (from2 >>> 10));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> Rotate(Vector256<uint> value, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.RotateRight(value, count)
            : (value >>> count) | (value << (32 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Majority(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.TernaryLogic(a, b, c, 0b_1110_1000)
            : (a & b) | (c & (a | b));
}
