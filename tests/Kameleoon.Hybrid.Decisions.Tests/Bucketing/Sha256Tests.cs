using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>Every implementation by itself, whichever of them this machine would choose.</summary>
public sealed class Sha256Tests
{
    private const int LongestText = 55;

    [Fact]
    public void One_block_by_integers_gives_the_framework_s_digest()
    {
        foreach (var text in Texts())
        {
            Sha256Block.DigestManaged(Padded(text)).ShouldBe(Reference.Digest(text));
        }
    }

    [Fact]
    public void One_block_by_the_instructions_of_arm_gives_the_framework_s_digest()
    {
        foreach (var text in Texts().Where(_ => Sha256ArmBlock.IsSupported))
        {
            Sha256ArmBlock.Digest(Padded(text)).ShouldBe(Reference.Digest(text));
        }
    }

    [Fact]
    public void Two_blocks_at_once_give_the_framework_s_digests()
    {
        foreach (var text in Texts().Where(_ => Avx2.IsSupported))
        {
            byte[] other = [.. text.Reverse()];

            Sha256Pair.Digest(Padded(text), Padded(other)).ShouldBe((Reference.Digest(text), Reference.Digest(other)));
        }
    }

    [Fact]
    public void Eight_lanes_give_the_framework_s_digests() => CheckLanes<EightLanes, Vector256<uint>>();

    [Fact]
    public void Sixteen_lanes_give_the_framework_s_digests() => CheckLanes<SixteenLanes, Vector512<uint>>();

    private static void CheckLanes<TLanes, TWord>()
        where TLanes : ILanes<TWord>
        where TWord : unmanaged
    {
        var lanes = Unsafe.SizeOf<TWord>() / sizeof(uint);
        foreach (var texts in Texts().Chunk(lanes))
        {
            var block = new TWord[Sha256Lanes<TLanes, TWord>.Words];
            var words = MemoryMarshal.Cast<TWord, uint>(block.AsSpan());
            for (var i = 0; i < words.Length; i++)
            {
                var text = Padded(texts[i % lanes % texts.Length]);
                words[i] = BinaryPrimitives.ReadUInt32BigEndian(text.AsSpan(i / lanes * sizeof(uint)));
            }

            Sha256Lanes<TLanes, TWord>.Digest(block);

            for (var lane = 0; lane < texts.Length; lane++)
            {
                var expected = Reference.Digest(texts[lane]);
                words[lane].ShouldBe((uint)(expected >> 96));
                words[lanes + lane].ShouldBe((uint)(expected >> 64));
                words[(2 * lanes) + lane].ShouldBe((uint)(expected >> 32));
                words[(3 * lanes) + lane].ShouldBe((uint)expected);
            }
        }
    }

    private static IEnumerable<byte[]> Texts()
    {
        var numbers = new SeededNumbers(20_260_101);
        return Enumerable.Range(0, 40 * (LongestText + 1))
            .Select(i => Enumerable.Range(0, i % (LongestText + 1)).Select(_ => (byte)numbers.Next()).ToArray());
    }

    private static byte[] Padded(byte[] text)
    {
        var block = new byte[Sha256Block.Size];
        text.CopyTo(block, 0);
        block[text.Length] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(block.AsSpan(LongestText + 1), text.Length * 8L);
        return block;
    }
}
