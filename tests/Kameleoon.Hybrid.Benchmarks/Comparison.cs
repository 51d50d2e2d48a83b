using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kameleoon.Hybrid.Decisions;
using Kameleoon.Hybrid.Interop.Tests;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Measures the official JavaScript core and this library on the same data files, one after the other.</summary>
internal static class Comparison
{
    private const int Flags = 50;
    private const int Readings = 31;

    private const int Warmups = 60;

    // Lets the compiler, which works beside, come to its best code.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    internal static void Print(int rounds)
    {
        if (OfficialCore.WhyAbsent is { } why)
        {
            Console.WriteLine($"The official core is not measured. {why}");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("compare");
        try
        {
            var page = Path.Combine(folder.FullName, "page.json");
            var small = Path.Combine(folder.FullName, "1mb.json");
            var large = Path.Combine(folder.FullName, "10mb.json");
            File.WriteAllBytes(page, BenchmarkSite.Write(Flags));
            File.WriteAllBytes(small, SampleDataFile.Of(1_000_000));
            File.WriteAllBytes(large, SampleDataFile.Of(10_000_000));
            using var official = JsonDocument.Parse(OfficialCore.Measure(page, small, large));

            var decisions = EvaluationBenchmarks.Decisions(Flags).Measure(rounds);
            Print(official.RootElement,
            [
                ("new visitor, one of 50 flags", 0.025, Microseconds(decisions, "new visitor, stored")),
                ("same visitor, one of 50 flags", 0.003, Microseconds(decisions, "same visitor by code")),
                ("new visitor, all 50 flags", 0.005, Microseconds(decisions, "all flags, new visitor")),
                ("reading 1 MB", 0.6, Reading(small)),
                ("reading 10 MB", 0.6, Reading(large)),
            ]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(JsonElement official, IEnumerable<(string Name, double Limit, double Ours)> rows)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{"microseconds",-32}{"official core",15}{"this library",15}{"ratio",10}{"limit",10}"));
        foreach (var (name, limit, ours) in rows)
        {
            var theirs = official.GetProperty(name).GetDouble();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name,-32}{theirs,15:F2}{ours,15:F3}{ours / theirs,10:F4}{limit,10}"));
        }
    }

    private static double Microseconds(IReadOnlyList<Timing> timings, string name) =>
        timings.Single(timing => timing.Name.EndsWith($": {name}", StringComparison.Ordinal)).Median / 1000;

    private static double Reading(string path)
    {
        var json = File.ReadAllBytes(path);
        for (var i = 0; i < Warmups; i++)
        {
            DataFile.Parse(json);
            Thread.Sleep(Pause);
        }

        var times = new double[Readings];
        foreach (ref var time in times.AsSpan())
        {
            var start = Stopwatch.GetTimestamp();
            DataFile.Parse(json);
            time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return times.Order().ElementAt(Readings / 2);
    }
}
