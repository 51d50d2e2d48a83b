using System.Globalization;
using System.Runtime.Intrinsics;
using Xunit.Abstractions;

namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>Lone, in pairs, in batches of either width: the same numbers as the framework's, bit for bit.</summary>
public sealed class HashPathsTests(ITestOutputHelper output)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789-_é訪\ud83d";

    [Fact]
    public void A_million_random_texts_hash_as_the_framework_does()
    {
        var seed = Environment.TickCount64;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}"));
        var numbers = new SeededNumbers(seed);

        for (var visitor = 0; visitor < 10_000; visitor++)
        {
            Check(Code(numbers), [.. Enumerable.Range(0, 100).Select(_ => Suffix(numbers))]);
        }
    }

    [Fact]
    public void Every_length_hashes_as_the_framework_does_wherever_the_code_ends()
    {
        for (var length = 0; length <= 120; length++)
        {
            var suffixes = Enumerable.Range(0, 121 - length).Select(rest => new string('7', rest));

            Check(new string('v', length), [.. suffixes]);
        }
    }

    [Fact]
    public void A_batch_of_any_size_fills_its_results_and_no_more()
    {
        for (var size = 0; size <= 40; size++)
        {
            Check("8k2m9x4c7b1n0q5z", [.. Enumerable.Range(0, size).Select(id => $"{id}")]);
        }
    }

    private static void Check(string code, string[] suffixes)
    {
        var expected = Array.ConvertAll(suffixes, suffix => Reference.Hash(code, suffix));
        var ids = Array.ConvertAll(suffixes, HashSuffix.OfName);

        Lone(code, ids).ShouldBe(expected, code);
        Pairs(code, ids).ShouldBe(expected, code);
        Batch(code, ids).ShouldBe(expected, code);
        Passes<EightLanes, Vector256<uint>>(code, ids).ShouldBe(expected, code);
        Passes<SixteenLanes, Vector512<uint>>(code, ids).ShouldBe(expected, code);
    }

    private static double[] Lone(string code, HashSuffix[] ids) => Array.ConvertAll(ids, id => id.Hash(code));

    private static double[] Pairs(string code, HashSuffix[] ids)
    {
        var results = new double[ids.Length];
        var block = new CodeBlock(stackalloc byte[Sha256Block.Size], code);
        for (var i = 0; i < ids.Length; i++)
        {
            var next = (i + 1) % ids.Length;
            (results[i], results[next]) = HashSuffix.HashPair(block, ids[i], ids[next]);
        }

        return results;
    }

    private static double[] Batch(string code, HashSuffix[] ids)
    {
        var results = new double[ids.Length];
        HashSuffix.HashAll(new CodeBlock(stackalloc byte[Sha256Block.Size], code), ids, results);
        return results;
    }

    private static double[] Passes<TLanes, TWord>(string code, HashSuffix[] ids)
        where TLanes : ILanes<TWord>
        where TWord : unmanaged
    {
        var results = new double[ids.Length];
        var block = new CodeBlock(stackalloc byte[Sha256Block.Size], code);
        for (var done = 0; done < ids.Length;)
        {
            done += HashBatch.HashLanes<TLanes, TWord>(block, ids.AsSpan(done), results.AsSpan(done));
        }

        return results;
    }

    private static string Code(SeededNumbers numbers) =>
        string.Concat(Enumerable.Range(0, numbers.Below(70)).Select(_ => Letters[numbers.Below(Letters.Length)]));

    private static string Suffix(SeededNumbers numbers) => string.Create(
        CultureInfo.InvariantCulture,
        $"{numbers.Next() >> numbers.Below(64)}{(numbers.Below(2) == 0 ? "" : "1767225600000")}");
}
