using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What a bucketing hash costs, against the framework's call for a text of the same length.</summary>
/// <remarks>Budget, as ratios: lone 0.40, pair 0.45 for both, a batch 0.10 per hash; nothing allocated.</remarks>
[MemoryDiagnoser]
public class HashBenchmarks
{
    private const string Code = "8k2m9x4c7b1n0q5z";
    private const int Batch = 100;

    private readonly byte[] _text = Encoding.UTF8.GetBytes("8k2m9x4c7b1n0q5z71001767225600");
    private readonly HashSuffix[] _ids =
        [.. Enumerable.Range(71_001, Batch).Select(static id => HashSuffix.OfId(id, id % 2 == 0 ? 1_767_225_600 : null))];

    private readonly double[] _results = new double[Batch];

    [Benchmark(Baseline = true, Description = "sha: the framework's, 30 bytes")]
    public int Framework()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        return SHA256.HashData(_text, digest);
    }

    [Benchmark(Description = "lone")]
    public double Lone() => _ids[0].Hash(Code);

    [Benchmark(Description = "pair, both")]
    public double Pair()
    {
        var (exposition, variation) = HashSuffix.HashPair(
            new CodeBlock(stackalloc byte[Sha256Block.Size], Code), _ids[0], _ids[1]);
        return exposition + variation;
    }

    [Benchmark(Description = "batch of 100, each", OperationsPerInvoke = Batch)]
    public double[] All()
    {
        HashSuffix.HashAll(new CodeBlock(stackalloc byte[Sha256Block.Size], Code), _ids, _results);
        return _results;
    }
}
