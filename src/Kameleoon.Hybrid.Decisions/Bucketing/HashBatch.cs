using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Hashes of one visitor side by side, in as many lanes as the machine has.</summary>
internal static class HashBatch
{
    private const int LengthWord = 15;

    /// <summary>Hashes the first few of the ids.</summary>
    /// <returns>How many.</returns>
    internal static int Next(in CodeBlock code, ReadOnlySpan<HashedId> ids, Span<double> results)
    {
        // A pass costs the same however many of its lanes are used; from these counts on it beats lone hashes.
        switch (ids.Length)
        {
            case > 1 when Vector512.IsHardwareAccelerated:
                return Pass<SixteenLanes, Vector512<uint>>(code, ids, results);
            case > 2 when Vector256.IsHardwareAccelerated:
                return Pass<EightLanes, Vector256<uint>>(code, ids, results);
            default:
                results[0] = ids[0].For(code);
                return 1;
        }
    }

    internal static int Pass<TLanes, TWord>(in CodeBlock code, ReadOnlySpan<HashedId> ids, Span<double> results)
        where TLanes : ILanes<TWord>
        where TWord : unmanaged
    {
        Span<TWord> block = stackalloc TWord[Sha256Lanes<TLanes, TWord>.Words];
        var words = MemoryMarshal.Cast<TWord, uint>(block);
        var lanes = words.Length / block.Length;
        ids = ids[..Math.Min(lanes, ids.Length)];
        for (var lane = 0; lane < ids.Length; lane++)
        {
            if (code.Fits(ids[lane]))
            {
                Fill(words[lane..], lanes, code, ids[lane]);
            }
        }

        Sha256Lanes<TLanes, TWord>.Digest(block);
        for (var lane = 0; lane < ids.Length; lane++)
        {
            results[lane] = code.Fits(ids[lane])
                ? HashedId.Fraction(Read(words[lane..], lanes))
                : ids[lane].ForLong(code.Code);
        }

        return ids.Length;
    }

    private static void Fill(Span<uint> lane, int lanes, in CodeBlock code, HashedId id)
    {
        var text = MemoryMarshal.Cast<byte, uint>(code.With(id));
        var end = (code.Length + id.Length) / sizeof(uint);
        for (var i = 0; i <= end; i++)
        {
            lane[i * lanes] = BinaryPrimitives.ReverseEndianness(text[i]);
        }

        lane[LengthWord * lanes] = BinaryPrimitives.ReverseEndianness(text[LengthWord]);
    }

    private static UInt128 Read(ReadOnlySpan<uint> lane, int lanes) => new(
        ((ulong)lane[0] << 32) | lane[lanes],
        ((ulong)lane[2 * lanes] << 32) | lane[3 * lanes]);
}
