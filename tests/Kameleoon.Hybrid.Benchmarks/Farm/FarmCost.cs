using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What shared sessions cost a server at 2,000 requests a second: processor time for each request without them, with
/// PostgreSQL and with Redis.</summary>
/// <remarks>Each server is a process of its own on loopback, and is asked in turn for two seconds. Of 5,000 visitors, one in ten
/// requests adds custom data.</remarks>
internal static class FarmCost
{
    private const int FirstPort = 5741;
    private const int PerSecond = 2000;
    private const int Visitors = 5000;

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 64 });

    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    internal static async Task PrintAsync(string redis, string postgreSql, int rounds)
    {
        (string Kind, string Connection)[] kinds = [("none", ""), ("postgresql", postgreSql), ("redis", redis)];
        var servers = kinds.Select((kind, i) => Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            ["serve", "farm", kind.Kind, kind.Connection, (FirstPort + i).ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!).ToArray();
        try
        {
            await KestrelRounds.UntilUpAsync(Enumerable.Range(FirstPort, kinds.Length));
            var costs = kinds.Select(static _ => new List<double>()).ToArray();
            for (var round = -2; round < rounds; round++)
            {
                for (var i = 0; i < kinds.Length; i++)
                {
                    var cost = await MeasureAsync(servers[i], FirstPort + i, round);
                    if (round >= 0)
                    {
                        costs[i].Add(cost);
                    }
                }
            }

            for (var i = 0; i < kinds.Length; i++)
            {
                costs[i].Sort();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kinds[i].Kind,-10} {costs[i][rounds / 2]:F0} µs a request ({costs[i][0]:F0} to {costs[i][^1]:F0})"));
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

    internal static async Task RunAsync(string kind, string connection, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var kameleoon = builder.Services.AddKameleoonHybrid(static options =>
        {
            options.SiteCode = "abcde12345";
            options.Identity.HashKey = "a secret of the benchmarks, 32 characters";
            options.Endpoints.Tracking = new Uri("http://127.0.0.1:1");
        }).UseDataFile(new InMemoryDataFile(Encoding.UTF8.GetString(BenchmarkSite.Write(50))));
        _ = kind switch
        {
            "redis" => kameleoon.AddRedisStore(connection),
            "postgresql" => kameleoon.AddPostgreSqlStore(connection).AddSharedSessions(),
            _ => kameleoon,
        };
        await using var app = builder.Build();
        app.Urls.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        app.UseKameleoonVisitorCode();
        app.MapGet("/", static (IKameleoonClient client) => client.GetVariation(BenchmarkSite.Key(0), track: false).Key);
        app.MapGet("/say", static (IKameleoonClient client, int value) =>
            client.AddData(new CustomData(1, value.ToString(CultureInfo.InvariantCulture))));
        await app.RunAsync();
    }

    private static async Task<double> MeasureAsync(Process server, int port, int round)
    {
        server.Refresh();
        var before = server.TotalProcessorTime;
        var begin = Stopwatch.GetTimestamp();
        var sent = new List<Task>();
        for (var slot = 1; slot <= Turn / Slot; slot++)
        {
            for (var i = 0; i < PerSecond * Slot.TotalSeconds; i++)
            {
                sent.Add(AskAsync(port, sent.Count, round));
            }

            if ((slot * Slot) - Stopwatch.GetElapsedTime(begin) is var rest && rest > TimeSpan.Zero)
            {
                await Task.Delay(rest);
            }
        }

        await Task.WhenAll(sent);
        server.Refresh();
        return (server.TotalProcessorTime - before).TotalMicroseconds / sent.Count;
    }

    private static async Task AskAsync(int port, int number, int round)
    {
        var page = number % 10 == 0 ? string.Create(CultureInfo.InvariantCulture, $"say?value={round}") : "";
        using var request = new HttpRequestMessage(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/{page}"));
        request.Headers.Add(
            "Cookie", string.Create(CultureInfo.InvariantCulture, $"kameleoonVisitorCode=visitor{number * 7919 % Visitors}"));
        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
