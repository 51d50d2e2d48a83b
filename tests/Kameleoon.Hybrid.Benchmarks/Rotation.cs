using System.Diagnostics;
using System.Globalization;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Times cases in turn, round after round, and prints the median of each round's ratios.</summary>
/// <remarks>On a machine whose clock and load drift, figures that were taken minutes apart do not compare.</remarks>
internal sealed class Rotation
{
    private const double MillisecondsPerTurn = 1.5;
    private const int Turns = 3;

    private readonly List<(string Name, Action Run, int Per, Action? Reset)> _cases = [];

    /// <param name="name">What is printed.</param>
    /// <param name="run">The case; the first one added is what the others are compared with.</param>
    /// <param name="per">How many operations one run is.</param>
    /// <param name="reset">What has to be done after each run and is not timed; then a run should be long.</param>
    internal void Add(string name, Action run, int per = 1, Action? reset = null) =>
        _cases.Add((name, run, per, reset));

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
                counts[i] = Calibrate(_cases[i].Run, _cases[i].Reset);
            }
        }

        var nanoseconds = _cases.ConvertAll(_ => new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                nanoseconds[i][round] = Best(_cases[i].Run, _cases[i].Reset, counts[i]) / _cases[i].Per;
            }
        }

        return [.. _cases.Zip(nanoseconds, static (one, times) => new Timing(one.Name, times))];
    }

    private static int Calibrate(Action run, Action? reset)
    {
        for (var count = 1; ; count *= 2)
        {
            if (Elapsed(run, reset, count) > MillisecondsPerTurn * 1_000_000)
            {
                return count;
            }
        }
    }

    private static double Best(Action run, Action? reset, int count) =>
        Enumerable.Range(0, Turns).Min(_ => Elapsed(run, reset, count)) / count;

    private static double Elapsed(Action run, Action? reset, int count)
    {
        if (reset is not null)
        {
            var elapsed = 0.0;
            for (var i = 0; i < count; i++)
            {
                elapsed += Elapsed(run, reset: null, count: 1);
                reset();
            }

            return elapsed;
        }

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
