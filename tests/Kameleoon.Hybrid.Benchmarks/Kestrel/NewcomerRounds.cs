using System.Globalization;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Loads three servers in turn with wrk: pages without a decision, pages that decide for a thousand known visitors, and
/// pages that decide for a new visitor each; as fast as they can and with pauses. Compares the slowest pages, and tells how long
/// the collector stopped each server.</summary>
internal static class NewcomerRounds
{
    private const int FirstPort = 5740;
    private const int Seconds = 4;

    private static readonly (string Name, string Kind, long Visitors)[] Cases =
    [
        ("no decision", "known", 1_000),
        ("a thousand known visitors", "decided", 1_000),
        ("a new visitor each", "decided", long.MaxValue),
    ];

    internal static async Task PrintAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("newcomers").FullName;
        var servers = Cases.Select((one, i) => KestrelRounds.Start(one.Kind + BenchmarkServer.WithPauses, FirstPort + i)).ToArray();
        try
        {
            await KestrelRounds.UntilUpAsync(Enumerable.Range(FirstPort, Cases.Length));
            foreach (var pause in (int[])[0, 4])
            {
                await PrintAsync(rounds, folder, pause);
            }
        }
        finally
        {
            foreach (var server in servers)
            {
                server.Kill();
                server.Dispose();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PrintAsync(int rounds, string folder, int pause)
    {
        var results = Cases.Select(_ => new List<(WrkResult Load, double Collections, double Stopped)>()).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < Cases.Length; i++)
            {
                var script = Path.Combine(folder, "visitors.lua");
                await File.WriteAllTextAsync(script, Script(pause, Cases[i].Visitors, first: (round + 2) * 1_000_000L));
                var before = await ReadPausesAsync(FirstPort + i);
                var load = await Wrk.RunAsync(FirstPort + i, Seconds, script);
                var after = await ReadPausesAsync(FirstPort + i);
                if (round >= 0)
                {
                    results[i].Add((load, after.Count - before.Count, after.Milliseconds - before.Milliseconds));
                }
            }
        }

        for (var i = 0; i < Cases.Length; i++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(pause == 0 ? "full load" : "with pauses"),-11} {Cases[i].Name,-25} {Median(results[i], r => r.Load.Rate),7:N0} a second, "
                + $"p99 {Median(results[i], r => r.Load.P99):F2} ms, longest {Median(results[i], r => r.Load.Longest):F1} ms, "
                + $"{Median(results[i], r => r.Collections):F0} collections of {Median(results[i], r => r.Stopped / Math.Max(1, r.Collections)):F1} ms"));
        }
    }

    // wrk's own language. Codes of new visitors differ in each round.
    private static string Script(int pause, long visitors, long first) => string.Create(CultureInfo.InvariantCulture, $$"""
        local visitor = 0
        {{(pause == 0 ? "" : $"delay = function() return {pause} end")}}
        request = function()
          visitor = (visitor + 1) % {{(visitors == long.MaxValue ? 1_000_000 : visitors)}}
          return wrk.format("GET", "/", { ["Cookie"] = string.format("kameleoonVisitorCode=v%015d", visitor + {{(visitors == long.MaxValue ? first : 0)}}) })
        end
        """);

    /// <summary>Reads how often and how long the collector stopped a server since its start.</summary>
    internal static async Task<(double Count, double Milliseconds)> ReadPausesAsync(int port)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{BenchmarkServer.PausesPath}")));
        var parts = text.Split(' ');
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static double Median<T>(List<T> results, Func<T, double> of) =>
        results.Select(of).Order().ElementAt(results.Count / 2);
}
