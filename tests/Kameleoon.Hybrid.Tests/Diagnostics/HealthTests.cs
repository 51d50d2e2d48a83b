using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kameleoon.Hybrid.Tests;

public sealed class HealthTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_current_data_file_is_healthy_a_stale_one_is_degraded_and_says_what_is_wrong()
    {
        await using var site = await StartAsync();

        var healthy = await CheckAsync(site);
        site.Platform.DataFile = _ => new HttpResponseMessage(HttpStatusCode.Forbidden);
        await site.RefreshAsync(TimeSpan.FromHours(1));
        var failing = await CheckAsync(site);
        await site.MoveAsync(TimeSpan.FromHours(1));
        var stale = await CheckAsync(site);

        healthy.Status.ShouldBe(HealthStatus.Healthy);
        healthy.Data["version"].ShouldBe(site.Configuration.Version);
        healthy.Data["source"].ShouldBe("Polling");
        failing.Status.ShouldBe(HealthStatus.Healthy);
        stale.Status.ShouldBe(HealthStatus.Degraded);
        stale.Description!.ShouldContain("02:00:00");
        stale.Description!.ShouldContain("403");
        ((double)stale.Data["ageSeconds"]).ShouldBe(7200);
    }

    [Fact]
    public async Task The_age_that_is_stale_is_a_setting()
    {
        await using var site = await StartAsync(o => o.Configuration.StaleAfter = TimeSpan.FromSeconds(10));
        await site.MoveAsync(TimeSpan.FromSeconds(10));

        (await CheckAsync(site)).Status.ShouldBe(HealthStatus.Degraded);
    }

    [Fact]
    public async Task No_data_file_is_unhealthy()
    {
        await using var site = await StartAsync(platform: DataFiles.Serving("{}"));

        var result = await CheckAsync(site);

        result.Status.ShouldBe(HealthStatus.Unhealthy);
        result.Description!.ShouldContain("$.featureFlags");
    }

    [Fact]
    public async Task Tracking_is_degraded_while_events_wait_for_longer_than_the_setting()
    {
        await using var site = await TestSite.StartAsync(
            options => options.Resilience.Tracking.Retries = 0,
            clock: _clock,
            services: services => services.AddHealthChecks().AddKameleoonTracking(tags: "ready"));
        site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.ServiceUnavailable, 100)]);
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");
        client.TrackConversion(55);

        (await client.FlushAsync()).ShouldBeFalse();
        var soon = await CheckAsync(site, "kameleoon-tracking");
        await site.MoveAsync(TimeSpan.FromMinutes(1));
        var late = await CheckAsync(site, "kameleoon-tracking");

        soon.Status.ShouldBe(HealthStatus.Healthy);
        soon.Description!.ShouldContain("503");
        late.Status.ShouldBe(HealthStatus.Degraded);
        late.Data["eventsInMemory"].ShouldBe(1);
        ((double)late.Data["oldestSeconds"]).ShouldBeGreaterThanOrEqualTo(60);
    }

    private Task<TestSite> StartAsync(Action<KameleoonOptions>? options = null, StubPlatform? platform = null) =>
        TestSite.StartAsync(
            options,
            platform: platform,
            clock: _clock,
            services: services => services.AddHealthChecks().AddKameleoonHybrid(tags: "ready"));

    private static async Task<HealthReportEntry> CheckAsync(TestSite site, string name = "kameleoon")
    {
        var report = await site.App.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(check => check.Tags.Contains("ready"));
        return report.Entries[name];
    }
}
