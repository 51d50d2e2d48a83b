using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What deciding costs, against one hash of the framework's.</summary>
/// <remarks>
/// Budget, as ratios: a new visitor 1.25 and 512 bytes; the same one by code 0.08, at hand 0.05; all 50 flags 12 and
/// 2 KB, again 0.1; what is decided again allocates nothing. From 1 flag to 1,000 new may grow by half, again to 2.5.
/// </remarks>
[MemoryDiagnoser]
public class EvaluationBenchmarks
{
    private const int Visitors = 1024;

    private readonly byte[] _text = Encoding.UTF8.GetBytes("8k2m9x4c7b1n0q5z71001767225600");
    private readonly BenchmarkVisitor _visitor = new("v10ctbql0zpf4rw0");
    private readonly ConcurrentDictionary<string, BenchmarkVisitor> _store = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, BenchmarkVisitor>.AlternateLookup<ReadOnlySpan<char>> _byCode;
    private DataFile _dataFile = null!;
    private DataFile _partly = null!;
    private string _key = "";
    private int _next;

    [Params(1, 50, 1000)]
    public int Flags { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _dataFile = BenchmarkSite.Create(Flags);
        _partly = BenchmarkSite.Create(Flags, exposition: 0.9);
        _key = BenchmarkSite.Key(Flags / 2);
        _byCode = _store.GetAlternateLookup<ReadOnlySpan<char>>();
        _store[_visitor.VisitorCode] = _visitor;
        for (var i = 0; i < Visitors; i++)
        {
            var visitor = New();
            _store[visitor.VisitorCode] = visitor;
        }
    }

    [Benchmark(Baseline = true, Description = "sha: the framework's hash, 30 bytes")]
    public int Framework()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        return SHA256.HashData(_text, digest);
    }

    [Benchmark(Description = "new visitor, stored", OperationsPerInvoke = Visitors)]
    public int NewStored() => NewStored(_dataFile);

    [Benchmark(Description = "new visitor, stored, of 0.9 exposed", OperationsPerInvoke = Visitors)]
    public int NewStoredPartly() => NewStored(_partly);

    [Benchmark(Description = "new facts, nothing kept")]
    public Decision Bare() => _dataFile.Decide(_key, _visitor);

    [Benchmark(Description = "same visitor by code")]
    public Variation SameByCode()
    {
        _byCode.TryGetValue("v10ctbql0zpf4rw0".AsSpan(), out var visitor);
        return visitor!.Memo.Decide(_dataFile, _key, visitor, visitor.Version).Variation;
    }

    [Benchmark(Description = "same visitor at hand")]
    public Variation SameAtHand() => _visitor.Memo.Decide(_dataFile, _key, _visitor, _visitor.Version).Variation;

    [Benchmark(Description = "all flags, new visitor")]
    public int AllNew() => AllNew(_dataFile);

    [Benchmark(Description = "all flags, new visitor, of 0.9 exposed")]
    public int AllNewPartly() => AllNew(_partly);

    [Benchmark(Description = "all flags again")]
    public bool AllAgain() => _visitor.Memo.DecideAll(_dataFile, _visitor, _visitor.Version).MoveNext();

    [Benchmark(Description = "all flags again, each read")]
    public int AllAgainRead() => Read(_visitor.Memo.DecideAll(_dataFile, _visitor, _visitor.Version));

    /// <summary>The same cases in rotation, which a busy machine disturbs less.</summary>
    internal static Rotation Decisions(params ReadOnlySpan<int> counts)
    {
        var rotation = new Rotation();
        foreach (var flags in counts)
        {
            var cases = new EvaluationBenchmarks { Flags = flags };
            cases.Setup();
            if (flags == counts[0])
            {
                rotation.Add("sha", () => cases.Framework());
            }

            rotation.Add($"{flags}: new visitor, stored", () => cases.NewStored(), Visitors);
            rotation.Add($"{flags}: new visitor, stored, of 0.9 exposed", () => cases.NewStoredPartly(), Visitors);
            rotation.Add($"{flags}: new facts, nothing kept", () => cases.Bare());
            rotation.Add($"{flags}: same visitor by code", () => cases.SameByCode());
            rotation.Add($"{flags}: same visitor at hand", () => cases.SameAtHand());
            rotation.Add($"{flags}: all flags, new visitor", () => cases.AllNew());
            rotation.Add($"{flags}: all flags, new visitor, of 0.9 exposed", () => cases.AllNewPartly());
            rotation.Add($"{flags}: all flags again", () => cases.AllAgain());
            rotation.Add($"{flags}: all flags again, each read", () => cases.AllAgainRead());
        }

        return rotation;
    }

    private int AllNew(DataFile dataFile)
    {
        var visitor = New();
        return Read(visitor.Memo.DecideAll(dataFile, visitor, visitor.Version));
    }

    private static int Read(DecisionSequence decisions)
    {
        var ids = 0L;
        foreach (ref readonly var decision in decisions)
        {
            ids += decision.Variation.Id ?? 0;
        }

        return (int)ids;
    }

    private BenchmarkVisitor New() => new(string.Create(16, _next++, static (code, number) =>
    {
        code[0] = 'v';
        number.TryFormat(code[1..], out _, "D15", CultureInfo.InvariantCulture);
    }));

    private int NewStored(DataFile dataFile)
    {
        var store = new ConcurrentDictionary<string, BenchmarkVisitor>(2, Visitors, StringComparer.Ordinal);
        var exposed = 0;
        for (var i = 0; i < Visitors; i++)
        {
            var visitor = New();
            store.TryAdd(visitor.VisitorCode, visitor);
            exposed += visitor.Memo.Decide(dataFile, _key, visitor, visitor.Version).Variation.IsActive ? 1 : 0;
        }

        return exposed;
    }
}
