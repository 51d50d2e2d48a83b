using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>Loads three servers without us and two with us in turn with wrk, and compares requests and processor time.
/// </summary>
/// <remarks>Each is a process of its own on loopback. The second bare server shows how much of a difference is chance, and the
/// third how much of it is that of a larger response.</remarks>
internal static partial class KestrelRounds
{
    private static readonly string[] Kinds = ["bare", "bare again", BenchmarkServer.AsLarge, "known", "decided"];

    internal static async Task PrintAsync(int rounds)
    {
        var servers = Kinds.Select((kind, i) => Start(kind, 5710 + i)).ToArray();
        try
        {
            await UntilUpAsync(Enumerable.Range(5710, Kinds.Length));
            var results = servers.Select(_ => new List<(double Requests, double Cpu)>()).ToArray();
            for (var round = -2; round < rounds; round++)
            {
                for (var i = 0; i < servers.Length; i++)
                {
                    var result = await MeasureAsync(servers[i], 5710 + i);
                    if (round >= 0)
                    {
                        results[i].Add(result);
                    }
                }
            }

            for (var i = 1; i < Kinds.Length; i++)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Kinds[i],-14} throughput {Median(results[i], results[0], r => r.Requests):F3} of bare, "
                    + $"processor time per request {Median(results[i], results[0], r => r.Cpu):F3}, "
                    + $"least {results[i].Min(r => r.Cpu):F1} µs"));
            }
        }
        finally
        {
            foreach (var server in servers)
            {
                server.Kill();
                server.Dispose();
            }
        }
    }

    /// <param name="kind">What the server does.</param>
    /// <param name="port">Its port on loopback.</param>
    /// <param name="processor">The processor it is bound to, or null for all.</param>
    internal static Process Start(string kind, int port, int? processor = null) => Pinning.Start(
        Environment.ProcessPath!, ["serve", kind, port.ToString(CultureInfo.InvariantCulture)], processor);

    /// <summary>Waits until the servers answer.</summary>
    internal static async Task UntilUpAsync(IEnumerable<int> ports)
    {
        using var http = new HttpClient();
        foreach (var port in ports)
        {
            var start = Stopwatch.GetTimestamp();
            while (true)
            {
                try
                {
                    await http.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
                    break;
                }
                catch (HttpRequestException) when (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1))
                {
                    await Task.Delay(100);
                }
            }
        }
    }

    private static async Task<(double Requests, double Cpu)> MeasureAsync(Process server, int port)
    {
        server.Refresh();
        var before = server.TotalProcessorTime;
        using var wrk = Process.Start(new ProcessStartInfo(
            "wrk",
            [
                "-t1", "-c16", "-d1s", "-H",
                string.Create(CultureInfo.InvariantCulture, $"Cookie: {BenchmarkServer.Cookies}"),
                string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"),
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        server.Refresh();
        var requests = double.Parse(Requests.Match(output).Groups["requests"].Value, CultureInfo.InvariantCulture);
        return (requests, (server.TotalProcessorTime - before).TotalMicroseconds / requests);
    }

    private static double Median(
        List<(double Requests, double Cpu)> own,
        List<(double Requests, double Cpu)> bare,
        Func<(double Requests, double Cpu), double> of)
    {
        double[] ratios = [.. own.Zip(bare, (left, right) => of(left) / of(right)).Order()];
        return ratios[ratios.Length / 2];
    }

    [GeneratedRegex(@"(?<requests>[0-9]+) requests in", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Requests { get; }
}
