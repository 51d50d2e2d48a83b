using System.Globalization;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Loads a page whose decision is only looked at, the same once more, and the same with its exposure reported by
/// the server to a data API, in turn with wrk, and compares the time of the slowest in a hundred.</summary>
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

    private static readonly string[] Kinds = ["off", "off again", "on"];

    internal static async Task PrintAsync(int rounds)
    {
        var script = Path.Combine(Directory.CreateTempSubdirectory("latency").FullName, "visitors.lua");
        await File.WriteAllTextAsync(script, Script);
        var servers = Kinds.Select((kind, i) => KestrelRounds.Start(kind, FirstPort + i))
            .Append(KestrelRounds.Start("sink", BenchmarkServer.SinkPort)).ToArray();
        try
        {
            await KestrelRounds.UntilUpAsync([.. Enumerable.Range(FirstPort, Kinds.Length), BenchmarkServer.SinkPort]);
            var results = Kinds.Select(_ => new List<double>()).ToArray();
            for (var round = -2; round < rounds; round++)
            {
                for (var i = 0; i < Kinds.Length; i++)
                {
                    // Who comes first in a round is another one each time.
                    var turn = (i + round + 2) % Kinds.Length;
                    var p99 = (await Wrk.RunAsync(FirstPort + turn, seconds: 2, script)).P99;
                    if (round >= 0)
                    {
                        results[turn].Add(p99);
                    }
                }
            }

            for (var i = 0; i < Kinds.Length; i++)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"tracking {Kinds[i],-9} p99 {Median(results[i]):F2} ms, "
                    + $"{Median([.. results[i].Zip(results[0], (own, off) => own / off)]):F3} of off"));
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

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
