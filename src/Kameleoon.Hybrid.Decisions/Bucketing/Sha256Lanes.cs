using System.Runtime.CompilerServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>SHA-256 of several messages of one block each, one in each vector lane.</summary>
internal static class Sha256Lanes<TLanes, TWord>
    where TLanes : ILanes<TWord>
    where TWord : unmanaged
{
    internal const int Words = 16;

    /// <param name="w">
    /// The messages, padded and with their lengths: word by word, in each word a lane per message. They are
    /// overwritten; the first four words then hold the first half of the digests.
    /// </param>
    internal static void Digest(Span<TWord> w)
    {
        w = w[..Words];
        var s = Sha256Block.InitialState;
        var (a, b, c, d) = (Same(s[0]), Same(s[1]), Same(s[2]), Same(s[3]));
        var (e, f, g, h) = (Same(s[4]), Same(s[5]), Same(s[6]), Same(s[7]));

        for (var k = Sha256Block.RoundConstants; !k.IsEmpty; k = k[Words..])
        {
            FourRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, w, k, 0);
            FourRounds(ref e, ref f, ref g, ref h, ref a, ref b, ref c, ref d, w, k, 4);
            FourRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, w, k, 8);
            FourRounds(ref e, ref f, ref g, ref h, ref a, ref b, ref c, ref d, w, k, 12);
        }

        w[0] = TLanes.Add(a, Same(s[0]));
        w[1] = TLanes.Add(b, Same(s[1]));
        w[2] = TLanes.Add(c, Same(s[2]));
        w[3] = TLanes.Add(d, Same(s[3]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRounds(
        ref TWord a, ref TWord b, ref TWord c, ref TWord d, ref TWord e, ref TWord f, ref TWord g, ref TWord h,
        Span<TWord> w, ReadOnlySpan<uint> k, int index)
    {
        Round(a, b, c, ref d, e, f, g, ref h, w, k, index);
        Round(h, a, b, ref c, d, e, f, ref g, w, k, index + 1);
        Round(g, h, a, ref b, c, d, e, ref f, w, k, index + 2);
        Round(f, g, h, ref a, b, c, d, ref e, w, k, index + 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        TWord a, TWord b, TWord c, ref TWord d, TWord e, TWord f, TWord g, ref TWord h,
        Span<TWord> w, ReadOnlySpan<uint> k, int index)
    {
        TLanes.Round(a, b, c, ref d, e, f, g, ref h, TLanes.Add(w[index], Same(k[index])));

        // Computed next to the round that frees the word, so that both run in parallel; in the last rounds the result
        // is not used.
        w[index] = TLanes.Extend(w[index], w[(index + 1) % Words], w[(index + 9) % Words], w[(index + 14) % Words]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWord Same(uint value) => TLanes.Broadcast(value);
}
