using System.Diagnostics;
using System.Globalization;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Times cases in turn, round after round, and prints the median of each round's ratios.</summary>
/// <remarks>On a machine whose clock and load drift, figures that were taken minutes apart do not compare.</remarks>
internal sealed class Rotation
{
    private const double MillisecondsPerTurn = 1.5;
    private const int Turns = 3;

    private readonly List<(string Name, Action Run, int Per)> _cases = [];

    /// <param name="name">What is printed.</param>
    /// <param name="run">The case; the first one added is what the others are compared with.</param>
    /// <param name="per">How many operations one run is.</param>
    internal void Add(string name, Action run, int per = 1) => _cases.Add((name, run, per));

    internal void Print(int rounds)
    {
        var timings = Measure(rounds);
        foreach (var (name, nanoseconds) in timings)
        {
            double[] ratios = [.. nanoseconds.Zip(timings[0].Nanoseconds, static (own, sha) => own / sha).Order()];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-50} {ratios[rounds / 2],9:F3} ({ratios[0]:F3} to {ratios[^1]:F3}), least {nanoseconds.Min():F1} ns"));
        }
    }

    internal IReadOnlyList<Timing> Measure(int rounds)
    {
        var counts = new int[_cases.Count];
        for (var warmup = 0; warmup < 3; warmup++)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] = Calibrate(_cases[i].Run);
            }
        }

        var nanoseconds = _cases.ConvertAll(_ => new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                nanoseconds[i][round] = Best(_cases[i].Run, counts[i]) / _cases[i].Per;
            }
        }

        return [.. _cases.Zip(nanoseconds, static (one, times) => new Timing(one.Name, times))];
    }

    private static int Calibrate(Action run)
    {
        for (var count = 1; ; count *= 2)
        {
            if (Elapsed(run, count) > MillisecondsPerTurn * 1_000_000)
            {
                return count;
            }
        }
    }

    private static double Best(Action run, int count) =>
        Enumerable.Range(0, Turns).Min(_ => Elapsed(run, count)) / count;

    private static double Elapsed(Action run, int count)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            run();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }
}

/// <summary>What an operation of a case took, round by round.</summary>
internal sealed record Timing(string Name, double[] Nanoseconds)
{
    internal double Median => Nanoseconds.Order().ElementAt(Nanoseconds.Length / 2);
}
