using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>How long pages take while the connection to the sandbox is well, and while it is not, in turn.</summary>
internal static class OutageRun
{
    private const int Rounds = 5;

    private static readonly string[] Columns =
        ["Fault", "p50 without", "p50 with", "p99 without", "p99 with", "p99, ratio", "Failed"];

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    internal static async Task WriteAsync()
    {
        await using var sandbox = await RealSandbox.StartAsync(Encoding.UTF8.GetString(BenchmarkSite.Write(50)));
        await using var proxy = new FaultProxy(sandbox.Address);
        await using var site = await StartAsync(proxy.Address);
        using var http = new HttpClient { BaseAddress = new Uri(site.Urls.First()) };
        await MeasureAsync(http);

        Console.WriteLine($"| {string.Join(" | ", Columns)} |");
        Console.WriteLine($"|{string.Concat(Columns.Select(_ => "---:|"))}");
        foreach (var fault in Enum.GetValues<NetworkFault>())
        {
            var (well, ill) = (new List<Latency>(), new List<Latency>());
            for (var round = 0; round < Rounds; round++)
            {
                proxy.Fault = NetworkFault.None;
                well.Add(await MeasureAsync(http));
                proxy.Fault = fault;
                proxy.Cut();
                ill.Add(await MeasureAsync(http));
            }

            var (without, with) = (Median(well, latency => latency.P99), Median(ill, latency => latency.P99));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {fault} | {Median(well, latency => latency.P50):0.00} ms | {Median(ill, latency => latency.P50):0.00} ms "
                + $"| {without:0.00} ms | {with:0.00} ms | {with / without:0.00} | {ill.Sum(latency => latency.Failed)} |"));
        }
    }

    private static async Task<WebApplication> StartAsync(Uri platform)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKameleoonHybrid(options =>
        {
            options.SiteCode = "abcde12345";
            options.RefreshInterval = TimeSpan.FromSeconds(1);
            options.RequestTimeout = TimeSpan.FromMilliseconds(500);
            options.Configuration.Mode = ConfigurationMode.Streaming;
            options.Configuration.LastGoodCopy = false;
            (options.Endpoints.Configuration, options.Endpoints.Stream) = (platform, platform);
            (options.Endpoints.Tracking, options.Endpoints.Api) = (platform, platform);
        }).ConfigureHttpClients(client => client.ConfigurePrimaryHttpMessageHandler((handler, _) => FaultProxy.Trust(handler)));
        var site = builder.Build();
        site.UseKameleoonVisitorCode();
        site.MapGet("/", (IKameleoonClient client) => client.GetVariations(track: false).Count);
        await site.StartAsync();
        return site;
    }

    // Four visitors who look at one page after the other, at a pace a small machine can serve.
    private static async Task<Latency> MeasureAsync(HttpClient http)
    {
        var until = Stopwatch.GetTimestamp() + (long)(Turn.TotalSeconds * Stopwatch.Frequency);
        var visitors = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(VisitAsync)));
        var times = visitors.SelectMany(visitor => visitor.Times).Order().ToArray();
        return new(times[times.Length / 2], times[times.Length * 99 / 100], visitors.Sum(visitor => visitor.Failed));

        async Task<(List<double> Times, int Failed)> VisitAsync()
        {
            var (times, failed) = (new List<double>(), 0);
            while (Stopwatch.GetTimestamp() < until)
            {
                var start = Stopwatch.GetTimestamp();
                using var response = await http.GetAsync(new Uri("/", UriKind.Relative));
                failed += response.IsSuccessStatusCode && await response.Content.ReadAsStringAsync() == "50" ? 0 : 1;
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                await Task.Delay(1);
            }

            return (times, failed);
        }
    }

    private static double Median(List<Latency> rounds, Func<Latency, double> value) =>
        rounds.Select(value).Order().ElementAt(rounds.Count / 2);

    private sealed record Latency(double P50, double P99, int Failed);
}
