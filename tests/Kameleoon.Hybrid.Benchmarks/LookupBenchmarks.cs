using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Finding a flag by its key.</summary>
public class LookupBenchmarks
{
    private Dictionary<string, object> _dictionary = null!;
    private FrozenDictionary<string, object> _frozen = null!;
    private string _key = "";

    [Params(1, 50, 1000)]
    public int Flags { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _key = BenchmarkSite.Key(Flags / 2);
        _dictionary = Enumerable.Range(0, Flags).ToDictionary(BenchmarkSite.Key, _ => new object(), StringComparer.Ordinal);
        _frozen = _dictionary.ToFrozenDictionary(StringComparer.Ordinal);
    }

    [Benchmark(Baseline = true)]
    public object? Dictionary() => _dictionary.GetValueOrDefault(_key);

    [Benchmark]
    public object? Frozen() => _frozen.GetValueOrDefault(_key);
}
