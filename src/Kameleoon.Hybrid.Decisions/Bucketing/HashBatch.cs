using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Computes several hashes of one visitor at once, in the vector lanes of the machine.</summary>
internal static class HashBatch
{
    private const int LengthWord = 15;

    /// <summary>Computes the hashes of as many suffixes as one pass takes.</summary>
    /// <returns>The number of hashes computed.</returns>
    internal static int HashNext(in CodeBlock code, ReadOnlySpan<HashSuffix> ids, Span<double> results)
    {
        // A pass costs the same for any number of used lanes; below these counts single hashes are faster.
        switch (ids.Length)
        {
            case > 1 when Vector512.IsHardwareAccelerated:
                return HashLanes<SixteenLanes, Vector512<uint>>(code, ids, results);
            case > 2 when Vector256.IsHardwareAccelerated:
                return HashLanes<EightLanes, Vector256<uint>>(code, ids, results);
            default:
                results[0] = ids[0].Hash(code);
                return 1;
        }
    }

    internal static int HashLanes<TLanes, TWord>(in CodeBlock code, ReadOnlySpan<HashSuffix> ids, Span<double> results)
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
                ? HashSuffix.ToUnitInterval(Read(words[lane..], lanes))
                : ids[lane].HashLong(code.Code);
        }

        return ids.Length;
    }

    private static void Fill(Span<uint> lane, int lanes, in CodeBlock code, HashSuffix id)
    {
        var text = MemoryMarshal.Cast<byte, uint>(code.Append(id));
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
