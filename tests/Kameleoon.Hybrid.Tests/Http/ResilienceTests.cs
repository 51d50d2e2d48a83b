using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>How often an endpoint in trouble is asked, and how long it is left alone, are settings that are obeyed.</summary>
public sealed class ResilienceTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Without_retries_one_attempt_is_all()
    {
        await using var site = await TestSite.StartAsync(
            options => options.Resilience.Configuration.Retries = 0,
            platform: new StubPlatform { DataFile = _ => new HttpResponseMessage(HttpStatusCode.BadGateway) },
            clock: _clock);

        site.Platform.Requests.ShouldHaveSingleItem();
        site.Metrics.Sum("kameleoon.http.failed_attempts", "error.type", "502").ShouldBe(1);
    }

    [Theory]
    [InlineData(2, 36)]
    [InlineData(6, 101.5)]
    [InlineData(10, 600)]
    public void The_default_deadline_leaves_time_for_all_retries_with_pauses_that_double(int retries, double seconds)
    {
        var options = new KameleoonOptions();
        options.Resilience.Configuration.Retries = retries;

        PlatformPipelines.TotalTimeoutOf(PlatformClients.Configuration, options).ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public async Task While_refreshes_fail_each_is_one_attempt_only()
    {
        await using var site = await TestSite.StartAsync(options => options.RefreshInterval = Minute, clock: _clock);
        site.Platform.DataFile = _ => new HttpResponseMessage(HttpStatusCode.BadGateway);

        await site.RefreshAsync(TimeSpan.FromSeconds(1));
        await site.RefreshAsync(TimeSpan.FromSeconds(1));
        await site.RefreshAsync(TimeSpan.FromSeconds(1));

        site.Metrics.Sum("kameleoon.configuration.refreshes", "outcome", "failed").ShouldBe(3);
        site.Platform.Requests.Count().ShouldBe(1 + 3 + 1 + 1);
    }

    [Fact]
    public async Task An_endpoint_that_fails_too_often_is_left_alone_for_a_while_and_then_asked_again()
    {
        await using var site = await TestSite.StartAsync(
            options =>
            {
                options.RefreshInterval = TimeSpan.FromSeconds(1);
                options.Resilience.Configuration.Retries = 0;
                options.Resilience.Configuration.BreakAttempts = 3;
                options.Resilience.Configuration.BreakDuration = Minute;
            },
            platform: new StubPlatform { DataFile = _ => new HttpResponseMessage(HttpStatusCode.BadGateway) },
            clock: _clock);

        while (site.Metrics.Sum("kameleoon.http.circuit.openings") == 0)
        {
            await site.RefreshAsync(TimeSpan.FromSeconds(1));
        }

        var before = site.Platform.Requests.Count();
        site.Platform.DataFile = _ => StubPlatform.Json(DataFiles.Shop);
        await site.RefreshAsync(TimeSpan.FromSeconds(1));
        site.Platform.Requests.Count().ShouldBe(before);
        site.Metrics.Sum("kameleoon.configuration.refreshes", "error.type", "circuit_open").ShouldBeGreaterThan(0);

        await site.RefreshAsync(Minute);
        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
        site.Log.Texts(102).ShouldHaveSingleItem();
        site.Log.Texts(501).ShouldHaveSingleItem();
        site.Log.Texts(502).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_asks_to_be_left_alone_longer_than_the_interval_is()
    {
        await using var site = await TestSite.StartAsync(options => options.RefreshInterval = Minute, clock: _clock);
        site.Platform.DataFile = _ =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
            response.Headers.RetryAfter = new(TimeSpan.FromMinutes(10));
            return response;
        };
        await site.RefreshAsync(Minute);
        var asked = site.Platform.Requests.Count();

        site.Platform.DataFile = _ => StubPlatform.Json(SandboxedSite.Edit(1));
        var before = _clock.GetUtcNow();
        await site.RefreshAsync(Minute);

        asked.ShouldBe(2);
        (_clock.GetUtcNow() - before).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(10));
        site.Has(edit: 1).ShouldBeTrue();
    }

    [Fact]
    public void Pauses_double_up_to_the_longest_and_chance_picks_within()
    {
        var pauses = new Backoff(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), jitter: 1, new Random(1));
        var longest = new double[7];
        for (var run = 0; run < 1000; run++)
        {
            pauses.Reset();
            for (var failure = 0; failure < longest.Length; failure++)
            {
                longest[failure] = Math.Max(longest[failure], pauses.Next().TotalSeconds);
            }
        }

        double[] windows = [5, 10, 20, 40, 60, 60, 60];
        for (var failure = 0; failure < windows.Length; failure++)
        {
            longest[failure].ShouldBeInRange(0.98 * windows[failure], windows[failure]);
        }
    }

    [Fact]
    public void A_poll_comes_in_the_last_tenth_of_the_interval_and_never_after_it()
    {
        var schedule = new RefreshSchedule(Minute, TimeSpan.FromSeconds(5), new Random(1));

        var pauses = Enumerable.Range(0, 1000).Select(_ => schedule.AfterSuccess().TotalSeconds).ToArray();

        pauses.ShouldAllBe(pause => pause >= 54 && pause <= 60);
        pauses.Max().ShouldBeGreaterThan(59.9);
        pauses.Min().ShouldBeLessThan(54.1);
    }
}
