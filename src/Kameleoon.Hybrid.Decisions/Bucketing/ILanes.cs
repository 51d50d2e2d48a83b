using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The steps of SHA-256 on words that carry several messages side by side.</summary>
/// <remarks>
/// Whole steps instead of operators: with an operator a call, the runtime stops inlining halfway through the rounds.
/// </remarks>
internal interface ILanes<TWord>
{
    static abstract TWord Broadcast(uint value);

    static abstract TWord Add(TWord left, TWord right);

    static abstract void Round(
        TWord a, TWord b, TWord c, ref TWord d, TWord e, TWord f, TWord g, ref TWord h, TWord input);

    /// <summary>The next word of the message schedule, by how many words each given one lies before it.</summary>
    static abstract TWord Extend(TWord from16, TWord from15, TWord from7, TWord from2);
}

/// <summary>Eight messages.</summary>
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

/// <summary>Sixteen messages.</summary>
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
