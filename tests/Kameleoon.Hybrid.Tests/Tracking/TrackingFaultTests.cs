namespace Kameleoon.Hybrid.Tests;

/// <summary>Events on a real wire to a data API in trouble: each arrives under one nonce, or is counted as dropped.</summary>
#pragma warning disable CA1001 // The test runner disposes of it.
public sealed class TrackingFaultTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private DataApi _api = null!;
    private FaultProxy _proxy = null!;
    private int _goals;

    public async Task InitializeAsync()
    {
        _api = await DataApi.StartAsync();
        _proxy = new FaultProxy(_api.Address, isSecure: false);
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Through_every_kind_of_trouble_nothing_is_lost_and_nothing_is_counted_twice()
    {
        await using var site = await StartAsync();
        foreach (var fault in (NetworkFault[])
            [NetworkFault.ServerError, NetworkFault.Reset, NetworkFault.TooManyRequests, NetworkFault.Delay, NetworkFault.Garbage])
        {
            _proxy.Fault = fault;
            var before = _proxy.Connections;
            Produce(site, 500);
            await Eventually.IsTrueAsync(() => _proxy.Connections >= before + 2);
            _proxy.Cut();
        }

        _proxy.Fault = NetworkFault.None;
        _api.Cuts = 1;
        Produce(site, 500);

        await Eventually.IsTrueAsync(() => Sum(site, "sent") == 6000, () => $"{Sum(site, "sent")} events were sent.");
        _api.Goals.Count.ShouldBe(6000);
        _api.Goals.Values.ShouldAllBe(nonces => nonces.Count == 1);
        _api.Goals.Values.ShouldContain(nonces => nonces.Single().Value > 1, "Something was sent twice under one nonce.");
        Sum(site, "dropped").ShouldBe(0);
        Sum(site, "retried").ShouldBeGreaterThan(0);
        site.App.Services.GetRequiredService<TrackingQueue>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task Beyond_the_bound_exposures_go_before_conversions_and_the_count_is_exact()
    {
        await using var site = await StartAsync(options => options.Tracking.MaxQueuedEvents = 1000);
        _proxy.Fault = NetworkFault.ServerError;
        Produce(site, 100);
        await Eventually.IsTrueAsync(() => _proxy.Connections >= 2);
        Produce(site, 800);
        Produce(site, 50);

        _proxy.Fault = NetworkFault.None;

        await Eventually.IsTrueAsync(() => Sum(site, "sent") + Sum(site, "dropped") == 1900);
        Sum(site, "dropped").ShouldBe(900);
        _api.Goals.Keys.Count(key => !key.StartsWith("exposure", StringComparison.Ordinal)).ShouldBeInRange(900, 950);
        _api.Goals.Count.ShouldBe(1000);
    }

    private Task<TestSite> StartAsync(Action<KameleoonOptions>? options = null) => TestSite.StartAsync(
        settings =>
        {
            settings.Configuration.File = DataFilePath.Value;
            settings.Endpoints.Tracking = _proxy.Address;
            settings.StopTimeout = TimeSpan.Zero;
            settings.Resilience.Tracking.Retries = 1;
            settings.Resilience.Tracking.RetryDelay = TimeSpan.FromMilliseconds(10);
            settings.Resilience.Tracking.MaxRetryAfter = TimeSpan.Zero;
            settings.Resilience.Tracking.AttemptTimeout = TimeSpan.FromMilliseconds(500);
            settings.Resilience.Tracking.BreakDuration = TimeSpan.FromMilliseconds(500);
            options?.Invoke(settings);
        },
        isOnline: true);

    private static Lazy<string> DataFilePath { get; } = new(() =>
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("tracking").FullName, "data-file.json");
        File.WriteAllText(path, DataFiles.Shop);
        return path;
    });

    private static double Sum(TestSite site, string what) => site.Metrics.Sum("kameleoon.events." + what);

    /// <summary>Lets visitors decide and buy, each one once.</summary>
    private void Produce(TestSite site, int visitors)
    {
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        for (var i = 0; i < visitors; i++)
        {
            var client = factory.ForVisitor($"visitor-{_goals}");
            client.GetVariation("checkout");
            client.TrackConversion(_goals++, 9.99m);
        }
    }
}
