using System.Globalization;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What the kernel's decisions cost, in units of one SHA-256 of the framework.</summary>
/// <remarks>
/// Budget, for any number of flags: a new visitor 1.25 and the same visitor again 0.08 without allocating; all 50
/// flags for a new visitor 12.
/// </remarks>
[MemoryDiagnoser]
public class DecisionBenchmarks
{
    private const int Visitors = 1 << 14;

    private readonly byte[] _thirtyBytes = [.. "v000000000000042-1234567890123"u8];
    private readonly string[] _codes = [.. Enumerable.Range(0, Visitors).Select(Code)];
    private readonly KnownByCode _same = new("v-the-same-again");

    private DataFile _dataFile = null!;
    private string[] _keys = [];
    private string _middle = "";
    private int _visitor;

    [Params(1, 50, 1000)]
    public int Flags { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _dataFile = DataFile.Parse(PageOfFlags.Write(Flags));
        _keys = [.. Enumerable.Range(0, Flags).Select(PageOfFlags.Key)];
        _middle = _keys[Flags / 2];
    }

    [Benchmark(Baseline = true, Description = "sha")]
    public byte Sha()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_thirtyBytes, digest);
        return digest[0];
    }

    [Benchmark(Description = "new visitor, one flag")]
    public Decision NewVisitor() => _dataFile.Decide(_middle, NextVisitor());

    [Benchmark(Description = "same visitor, one flag")]
    public Decision SameVisitor() => _dataFile.Decide(_middle, _same);

    [Benchmark(Description = "new visitor, all flags")]
    public int NewVisitorAllFlags() => DecideAll(NextVisitor());

    [Benchmark(Description = "same visitor, all flags")]
    public int SameVisitorAllFlags() => DecideAll(_same);

    private static string Code(int number) => string.Create(CultureInfo.InvariantCulture, $"v{number:D15}");

    private KnownByCode NextVisitor() => new(_codes[_visitor++ & (Visitors - 1)]);

    private int DecideAll(KnownByCode visitor)
    {
        var assigned = 0;
        foreach (var key in _keys)
        {
            assigned += _dataFile.Decide(key, visitor).Variation.IsAssignment ? 1 : 0;
        }

        return assigned;
    }

    /// <summary>A visitor of whom nothing but the code is known.</summary>
    private sealed class KnownByCode(string code) : IVisitorFacts
    {
        public string VisitorCode => code;

        public DateTimeOffset Now { get; } = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    }
}
