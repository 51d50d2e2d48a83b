using System.Globalization;
using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Loads a page whose decision is only looked at, the same once more, the same with its exposure written into
/// batches, and with its exposure sent to a data API, in turn with wrk, and compares the time of the slowest in a hundred.
/// </summary>
/// <remarks>Each is a process of its own on loopback, and so is the data API. Visitors are many, so that what is reported is
/// sent. The second server that only looks shows how much of a difference is chance.</remarks>
internal static class LatencyRounds
{
    private const int FirstPort = 5720;

    // wrk's own language. Each request is another visitor's, of 100,000; with pauses, since a machine that has nothing left
    // to give shows only that sending events is work, too.
    private const string Script = """
        local visitor = 0
        delay = function()
          return 4
        end
        request = function()
          visitor = (visitor + 1) % 100000
          return wrk.format("GET", "/", { ["Cookie"] = string.format("kameleoonVisitorCode=v%015d", visitor) })
        end
        """;

    private static readonly string[] Kinds = ["off", "off again", "written", "on"];

    internal static async Task PrintAsync(int rounds)
    {
        await PrintAsync(rounds, "all processors for all", site: null, others: null);
        if (Pinning.IsPossible)
        {
            await PrintAsync(rounds, "one processor for the site, one for data API and wrk", site: 0, others: 1);
        }
    }

    private static async Task PrintAsync(int rounds, string title, int? site, int? others)
    {
        var script = Path.Combine(Directory.CreateTempSubdirectory("latency").FullName, "visitors.lua");
        await File.WriteAllTextAsync(script, Script);
        var servers = Kinds.Select((kind, i) => KestrelRounds.Start(kind + BenchmarkServer.WithPauses, FirstPort + i, site))
            .Append(KestrelRounds.Start("sink", BenchmarkServer.SinkPort, others)).ToArray();
        try
        {
            await KestrelRounds.UntilUpAsync([.. Enumerable.Range(FirstPort, Kinds.Length), BenchmarkServer.SinkPort]);
            var results = Kinds.Select(_ => new List<Turn>()).ToArray();
            for (var round = -2; round < rounds; round++)
            {
                for (var i = 0; i < Kinds.Length; i++)
                {
                    // Who comes first in a round is another one each time.
                    var turn = (i + round + 2) % Kinds.Length;
                    var before = await NewcomerRounds.ReadPausesAsync(FirstPort + turn);
                    var load = await Wrk.RunAsync(FirstPort + turn, seconds: 2, script, others);
                    var after = await NewcomerRounds.ReadPausesAsync(FirstPort + turn);
                    if (round >= 0)
                    {
                        results[turn].Add(new Turn(load, after.Count - before.Count, after.Milliseconds - before.Milliseconds));
                    }
                }
            }

            Console.WriteLine(title);
            for (var i = 0; i < Kinds.Length; i++)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"tracking {Kinds[i],-9} p99 {Median(results[i].Select(turn => turn.Load.P99)):F2} ms, "
                    + $"{Median(results[i].Zip(results[0], (own, off) => own.Load.P99 / off.Load.P99)):F3} of off, "
                    + $"longest {Median(results[i].Select(turn => turn.Load.Longest)):F1} ms, "
                    + $"{results[i].Sum(turn => turn.Collections)} collections, {results[i].Sum(turn => turn.Stopped):F0} ms in all"));
            }

            using var http = new HttpClient();
            var events = await http.GetStringAsync(new Uri(
                string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{BenchmarkServer.SinkPort}/")));
            Console.WriteLine($"{events} events were taken");
        }
        finally
        {
            foreach (var server in servers)
            {
                server.Kill();
                server.Dispose();
            }

            Directory.Delete(Path.GetDirectoryName(script)!, recursive: true);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>What one load of a server showed.</summary>
    /// <param name="Load">What wrk measured.</param>
    /// <param name="Collections">How often the server's collector ran.</param>
    /// <param name="Stopped">How long it stopped the server, in milliseconds.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Turn(WrkResult Load, double Collections, double Stopped);
}
