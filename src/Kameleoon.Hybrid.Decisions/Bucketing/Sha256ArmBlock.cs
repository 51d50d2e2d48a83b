using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>SHA-256 of one block, computed with Arm's SHA-256 instructions.</summary>
internal static class Sha256ArmBlock
{
    internal static bool IsSupported => Sha256.IsSupported;

    internal static UInt128 Digest(ReadOnlySpan<byte> block)
    {
        var initial = Vector128.Create(Sha256Block.InitialState);
        var (abcd, efgh) = (initial, Vector128.Create(Sha256Block.InitialState[4..]));
        var (w0, w1, w2, w3) = (Load(block), Load(block[16..]), Load(block[32..]), Load(block[48..]));

        for (var k = Sha256Block.RoundConstants; !k.IsEmpty; k = k[16..])
        {
            FourRounds(ref abcd, ref efgh, w0 + Vector128.Create(k));
            w0 = Extend(w0, w1, w2, w3);
            FourRounds(ref abcd, ref efgh, w1 + Vector128.Create(k[4..]));
            w1 = Extend(w1, w2, w3, w0);
            FourRounds(ref abcd, ref efgh, w2 + Vector128.Create(k[8..]));
            w2 = Extend(w2, w3, w0, w1);
            FourRounds(ref abcd, ref efgh, w3 + Vector128.Create(k[12..]));
            w3 = Extend(w3, w0, w1, w2);
        }

        abcd += initial;
        return new UInt128(((ulong)abcd[0] << 32) | abcd[1], ((ulong)abcd[2] << 32) | abcd[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRounds(ref Vector128<uint> abcd, ref Vector128<uint> efgh, Vector128<uint> input)
    {
        var before = abcd;
        abcd = Sha256.HashUpdate1(abcd, efgh, input);
        efgh = Sha256.HashUpdate2(efgh, before, input);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Extend(
        Vector128<uint> w0, Vector128<uint> w1, Vector128<uint> w2, Vector128<uint> w3) =>
        Sha256.ScheduleUpdate1(Sha256.ScheduleUpdate0(w0, w1), w2, w3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Load(ReadOnlySpan<byte> bytes) =>
        AdvSimd.ReverseElement8(Vector128.Create(bytes).AsUInt32());
}
