using System.Diagnostics;
using System.Globalization;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What a new data file every five milliseconds costs those who decide meanwhile.</summary>
/// <remarks>Budget: half of the decisions take 1.1 times as long at most, 99 of 100 take 2.5 times.</remarks>
internal sealed class Swapping
{
    private const int Flags = 200;
    private const int MaxNanoseconds = 1_000_000;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private readonly byte[] _json = BenchmarkSite.Write(Flags);
    private readonly string[] _keys = [.. Enumerable.Range(0, Flags).Select(BenchmarkSite.Key)];
    private readonly BenchmarkVisitor _visitor = new("v10ctbql0zpf4rw0");
    private DataFile _current = BenchmarkSite.Create(Flags);

    internal static void Print(int rounds)
    {
        var swapping = new Swapping();
        var (still, swapped) = (new int[MaxNanoseconds + 1], new int[MaxNanoseconds + 1]);
        swapping.Decide(still, swaps: true);
        Array.Clear(still);
        for (var round = 0; round < rounds; round++)
        {
            swapping.Decide(still, swaps: false);
            swapping.Decide(swapped, swaps: true);
        }

        foreach (var part in (ReadOnlySpan<double>)[0.5, 0.99, 0.999])
        {
            var (without, with) = (Quantile(still, part), Quantile(swapped, part));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"p{part * 100:0.#}: {without} ns, swapping {with} ns, ratio {(double)with / without:F2}"));
        }
    }

    private void Decide(int[] counts, bool swaps)
    {
        using var end = new CancellationTokenSource();
        var swapper = new Thread(() =>
        {
            while (!end.Token.WaitHandle.WaitOne(5))
            {
                Volatile.Write(ref _current, DataFile.Parse(_json));
            }
        });
        if (swaps)
        {
            swapper.Start();
        }

        var start = Stopwatch.GetTimestamp();
        for (var i = 0; Stopwatch.GetElapsedTime(start) < Turn; i++)
        {
            var before = Stopwatch.GetTimestamp();
            Volatile.Read(ref _current).Decide(_keys[i % Flags], _visitor);
            var nanoseconds = (Stopwatch.GetTimestamp() - before) * 1_000_000_000 / Stopwatch.Frequency;
            counts[Math.Min(nanoseconds, MaxNanoseconds)]++;
        }

        end.Cancel();
        if (swaps)
        {
            swapper.Join();
        }
    }

    private static int Quantile(int[] counts, double part)
    {
        var left = (long)(counts.Sum(static count => (long)count) * part);
        var nanoseconds = 0;
        while ((left -= counts[nanoseconds]) > 0)
        {
            nanoseconds++;
        }

        return nanoseconds;
    }
}
