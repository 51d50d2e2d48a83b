using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Hashes sixteen messages at once, in 512-bit vectors.</summary>
internal readonly struct SixteenLanes : ILanes<Vector512<uint>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Broadcast(uint value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> left, Vector512<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Round(
        Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, ref Vector512<uint> d,
        Vector512<uint> e, Vector512<uint> f, Vector512<uint> g, ref Vector512<uint> h, Vector512<uint> input)
    {
        var known = h + input;
        var choice = Vector512.ConditionalSelect(e, f, g);
        var sigma = Rotate(e, 6) ^ Rotate(e, 11) ^ Rotate(e, 25);
        d = d + known + choice + sigma;
        h = known + choice + sigma + Majority(a, b, c) + (Rotate(a, 2) ^ Rotate(a, 13) ^ Rotate(a, 22));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Extend(
        Vector512<uint> from16, Vector512<uint> from15, Vector512<uint> from7, Vector512<uint> from2) =>
        from16 + from7
        + (Rotate(from15, 7) ^ Rotate(from15, 18) ^ (from15 >>> 3))
        + (Rotate(from2, 17) ^ Rotate(from2, 19) ^ (from2 >>> 10));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Majority(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Avx512F.IsSupported
            ? Avx512F.TernaryLogic(a, b, c, 0b_1110_1000)
            : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rotate(Vector512<uint> value, [ConstantExpected] byte count) =>
        Avx512F.IsSupported
            ? Avx512F.RotateRight(value, count)
            : (value >>> count) | (value << (32 - count));
}
