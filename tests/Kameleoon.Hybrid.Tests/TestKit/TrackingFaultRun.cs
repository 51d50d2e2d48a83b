using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Tests;

/// <summary>An application under a steady load of events, each of another visitor or goal, while its data API is in trouble;
/// and what became of each event once the trouble is over.</summary>
internal static class TrackingFaultRun
{
    private const string DataFile = """
        {
          "configuration": { "consentType": "NOT_REQUIRED" },
          "featureFlags": [{
            "id": 1, "featureKey": "checkout", "environmentEnabled": true, "defaultVariationKey": "off",
            "variations": [
              { "key": "off", "name": "Off", "variables": [] },
              { "key": "on", "name": "On", "variables": [] }
            ],
            "rules": [{
              "id": 1001, "type": "EXPERIMENTATION", "segmentId": null, "exposition": 1, "experimentId": 7001,
              "variationByExposition": [{ "variationKey": "on", "variationId": 81001, "exposition": 1 }]
            }]
          }]
        }
        """;

    /// <param name="trouble">What is wrong.</param>
    /// <param name="duration">How long it is.</param>
    /// <param name="perSecond">How many events come in each second of it.</param>
    /// <param name="configure">The application's settings.</param>
    internal static async Task<TrackingFaultResult> RunAsync(
        TrackingTrouble trouble, TimeSpan duration, int perSecond, Action<KameleoonOptions>? configure = null)
    {
        await using var api = await DataApi.StartAsync();
        await using var proxy = new FaultProxy(api.Address, isSecure: false, LoopbackPort.Free());
        var address = proxy.Address;
        await using var app = await StartAsync(address, configure);
        using var metrics = new CollectedMetrics(app.Services);
        var queue = app.Services.GetRequiredService<TrackingQueue>();
        var factory = app.Services.GetRequiredService<IKameleoonClientFactory>();

        await BeginAsync(trouble, proxy, api);
        var (produced, peak) = await ProduceAsync(factory, queue, duration, perSecond);
        if (trouble == TrackingTrouble.Down)
        {
            proxy.Up(address);
        }

        (proxy.Fault, api.Cuts) = (NetworkFault.None, 0);
        proxy.Cut();
        var over = Stopwatch.StartNew();
        while (queue.Count > 0 && over.Elapsed < TimeSpan.FromMinutes(3))
        {
            await Task.Delay(10);
        }

        var drained = over.Elapsed;
        await factory.FlushAsync(); // counts what was dropped since the last round
        var dropped = metrics.Values("kameleoon.events.dropped", "reason").ToDictionary(
            reason => reason, reason => (int)metrics.Sum("kameleoon.events.dropped", "reason", reason), StringComparer.Ordinal);
        var nonces = api.Goals.Values.SelectMany(times => times.Values).ToArray();
        return new TrackingFaultResult(
            produced, nonces.Length, nonces.Count(times => times > 1), dropped, queue.Count, peak, drained);
    }

    private static async Task<WebApplication> StartAsync(Uri platform, Action<KameleoonOptions>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddKameleoonHybrid(options =>
        {
            options.SiteCode = "abcde12345";
            options.Endpoints.Tracking = platform;
            options.StopTimeout = TimeSpan.Zero;
            configure?.Invoke(options);
        }).UseDataFile(new InMemoryDataFile(DataFile));
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        return app;
    }

    private static async Task BeginAsync(TrackingTrouble trouble, FaultProxy proxy, DataApi api)
    {
        switch (trouble)
        {
            case TrackingTrouble.Down:
                await proxy.DownAsync();
                break;
            case TrackingTrouble.TakenAndNotAnswered:
                api.Cuts = int.MaxValue;
                break;
            default:
                proxy.Fault = trouble switch
                {
                    TrackingTrouble.Slow => NetworkFault.SlowTrickle,
                    TrackingTrouble.TooManyRequests => NetworkFault.TooManyRequests,
                    TrackingTrouble.ServerError => NetworkFault.ServerError,
                    _ => NetworkFault.Reset,
                };
                break;
        }
    }

    private static async Task<(int Produced, int Peak)> ProduceAsync(
        IKameleoonClientFactory factory, TrackingQueue queue, TimeSpan duration, int perSecond)
    {
        var (produced, peak) = (0, 0);
        var watch = Stopwatch.StartNew();
        var total = duration.TotalSeconds * perSecond;
        while (produced < total)
        {
            for (var due = Math.Min(total, watch.Elapsed.TotalSeconds * perSecond); produced < due; produced += 2)
            {
                var client = factory.ForVisitor($"visitor-{produced}");
                client.GetVariation("checkout");
                client.TrackConversion(produced, 9.99m);
            }

            peak = Math.Max(peak, queue.Count);
            await Task.Delay(5);
        }

        return (produced, peak);
    }
}

/// <summary>What became of the events of a run.</summary>
/// <param name="Produced">How many there were.</param>
/// <param name="Arrived">How many nonces the data API saw.</param>
/// <param name="Again">How many of those it saw more than once.</param>
/// <param name="Dropped">What was counted as dropped, by reason.</param>
/// <param name="Queued">What was in memory at the end.</param>
/// <param name="Peak">The most that was in memory.</param>
/// <param name="Drained">How long it took after the trouble until nothing waited.</param>
internal sealed record TrackingFaultResult(
    int Produced, int Arrived, int Again, IReadOnlyDictionary<string, int> Dropped, int Queued, int Peak, TimeSpan Drained)
{
    /// <summary>What nobody can account for; less than nothing where an event arrived and is counted as dropped, too.</summary>
    internal int Missing => Produced - Arrived - Dropped.Values.Sum() - Queued;
}

/// <summary>What is wrong with a data API.</summary>
public enum TrackingTrouble
{
    Down,
    Slow,
    TooManyRequests,
    ServerError,
    Resets,
    TakenAndNotAnswered,
}
