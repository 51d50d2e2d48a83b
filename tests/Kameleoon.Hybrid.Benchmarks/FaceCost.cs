using System.Globalization;
using System.Security.Cryptography;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What a decision costs through <see cref="IKameleoonClientFactory.ForVisitor"/>, beside the kernel's and one hash of
/// the framework, in turn, with the bytes of an operation.</summary>
/// <remarks>
/// Budget, in hashes: a new visitor 1.0; the same one with a new client each time 0.15 and 100 bytes, with one client 0.06 and
/// 0 bytes; all 50 flags of a new visitor 14, again 0.5 and 100 bytes. Decisions are not tracked, as in the kernel; rows that
/// say so are: each exposure is then queued once, and counted as repeated afterwards.
/// </remarks>
internal sealed class FaceCost : IDisposable
{
    private const int Flags = 50;
    private const int Batch = 256;
    private const string OfOne = "v10ctbql0zpf4rw0";
    private const string OfAll = "v20ctbql0zpf4rw0";

    private readonly byte[] _text = new byte[30];
    private readonly string[] _codes = new string[Batch];
    private readonly string _key = BenchmarkSite.Key(Flags / 2);
    private readonly DataFile _dataFile = BenchmarkSite.Create(Flags);
    private readonly BenchmarkVisitor _kernel = new(OfOne);
    private readonly EventBuffer _taken = new();
    private readonly ServiceProvider _services = DecidingServices.Build(BenchmarkSite.Write(Flags));
    private readonly IKameleoonClientFactory _factory;
    private readonly IKameleoonClient _ofOne;
    private readonly IKameleoonClient _ofAll;
    private readonly VisitorStore _visitors;
    private readonly TrackingQueue _queue;
    private readonly int _eventSize;
    private int _next;

    private FaceCost()
    {
        _factory = _services.GetRequiredService<IKameleoonClientFactory>();
        _visitors = _services.GetRequiredService<VisitorStore>();
        _queue = _services.GetRequiredService<TrackingQueue>();
        _ofOne = _factory.ForVisitor(OfOne);
        _ofAll = _factory.ForVisitor(OfAll);
        _eventSize = TrackingEvent.Exposure(new EventOrigin(OfOne), default).Size;
        Renew();
    }

    public void Dispose()
    {
        _services.Dispose();
        _taken.Dispose();
    }

    internal static void Print(int rounds)
    {
        using var cost = new FaceCost();
        var cases = cost.Cases();
        var rotation = new Rotation();
        foreach (var (name, run, per, reset) in cases)
        {
            rotation.Add(name, run, per, reset);
        }

        rotation.Print(rounds);
        foreach (var (name, run, per, reset) in cases)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-50} {Bytes(run, per, reset),9:F1} bytes"));
        }
    }

    private List<(string Name, Action Run, int Per, Action? Reset)> Cases() =>
    [
        ("sha", Hash, 1, null),
        ("kernel: new visitor", () => EachNew(KernelNew), Batch, null),
        ("kernel: same visitor at hand", () => _kernel.Memo.Decide(_dataFile, _key, _kernel, 0), 1, null),
        ("kernel: all flags, new visitor", () => EachNew(KernelAllNew), Batch, null),
        ("kernel: all flags again", () => _kernel.Memo.DecideAll(_dataFile, _kernel, 0).MoveNext(), 1, null),
        .. Face("", track: false),
        .. Face(", tracked", track: true),
    ];

    private (string Name, Action Run, int Per, Action? Reset)[] Face(string kind, bool track) =>
    [
        ($"new visitor{kind}", () => EachNew(code => _factory.ForVisitor(code).GetVariation(_key, track)), Batch, Renew),
        ($"same visitor, a new client each time{kind}", () => _factory.ForVisitor(OfOne).GetVariation(_key, track), 1, null),
        ($"same visitor, the same client{kind}", () => _ofOne.GetVariation(_key, track), 1, null),
        ($"all flags, new visitor{kind}", () => EachNew(code => _factory.ForVisitor(code).GetVariations(track: track)), Batch, Renew),
        ($"all flags again, a new client each time{kind}", () => _factory.ForVisitor(OfAll).GetVariations(track: track), 1, null),
        ($"all flags again, the same client{kind}", () => _ofAll.GetVariations(track: track), 1, null),
    ];

    private static double Bytes(Action run, int per, Action? reset)
    {
        var least = double.MaxValue;
        for (var turn = 0; turn < 20; turn++)
        {
            var count = reset is null ? 1000 : 1;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < count; i++)
            {
                run();
            }

            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(count * per));
            reset?.Invoke();
        }

        return least;
    }

    private void Hash()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_text, digest);
    }

    private void EachNew(Action<string> decide)
    {
        foreach (var code in _codes)
        {
            decide(code);
        }
    }

    private void KernelNew(string code)
    {
        var visitor = new BenchmarkVisitor(code);
        visitor.Memo.Decide(_dataFile, _key, visitor, 0);
    }

    private void KernelAllNew(string code)
    {
        var visitor = new BenchmarkVisitor(code);
        foreach (ref readonly var decision in visitor.Memo.DecideAll(_dataFile, visitor, 0))
        {
            _ = decision.Variation.Id;
        }
    }

    // The next codes, and neither visitors nor events of the last ones.
    private void Renew()
    {
        for (var i = 0; i < Batch; i++)
        {
            _visitors.Remove(_codes[i] ?? "");
            _codes[i] = string.Create(CultureInfo.InvariantCulture, $"v{_next++:D15}");
        }

        _queue.Dequeue(_taken, long.MinValue);
        _queue.Release(_taken.Count, (long)_taken.Count * _eventSize);
        _taken.Clear();
    }
}
