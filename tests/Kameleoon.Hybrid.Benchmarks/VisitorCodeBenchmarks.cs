using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What a new visitor code costs, against the framework's random text.</summary>
/// <remarks>Budget: 0.1, and the text's 56 bytes.</remarks>
[MemoryDiagnoser]
public class VisitorCodeBenchmarks
{
    [Benchmark(Baseline = true, Description = "RandomNumberGenerator.GetString")]
    public string Framework() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 16);

    [Benchmark(Description = "new visitor code")]
    public string Ours() => VisitorCode.Generate();

    /// <summary>The same in rotation, which a busy machine disturbs less.</summary>
    internal static void Rotate(int rounds)
    {
        var cases = new VisitorCodeBenchmarks();
        var rotation = new Rotation();
        rotation.Add("RandomNumberGenerator.GetString", () => cases.Framework());
        rotation.Add("new visitor code", () => cases.Ours());
        rotation.Print(rounds);
    }
}
