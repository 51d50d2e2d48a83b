using System.Net;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A wall clock that is set neither stops sending nor makes events expire.</summary>
public sealed class ClockStepTests
{
    private readonly ManualClock _clock = new();

    public static TheoryData<int> Steps { get; } = [-6, 3, 24];

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_pause_takes_as_long_as_it_would(int hours)
    {
        var pause = new TrackingPause(Options.Create(new KameleoonOptions()), _clock);
        pause.Start(TimeSpan.FromMinutes(10));

        Step(hours);
        pause.IsOver.ShouldBeFalse();
        pause.Left.ShouldBeInRange(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
        _clock.Advance(TimeSpan.FromMinutes(11));

        pause.IsOver.ShouldBeTrue();
        pause.Left.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Events_that_wait_are_sent(int hours)
    {
        await using var site = await TestSite.StartAsync(clock: _clock);
        Client(site).TrackConversion(55, 129.90m);

        Step(hours);

        (await FlushAsync(site)).ShouldBeTrue();
        site.Platform.Events.ShouldContain(sent => sent["eventType"] == "conversion");
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Events_of_an_outage_are_sent_after_its_pause_and_have_the_age_that_they_have(int hours)
    {
        var platform = new StubPlatform();
        platform.AnswerTrackingWith(HttpStatusCode.ServiceUnavailable);
        await using var site = await TestSite.StartAsync(
            options => options.Resilience.Tracking.Retries = 0, platform: platform, clock: _clock);
        Client(site).TrackConversion(55, 129.90m);
        (await FlushAsync(site)).ShouldBeFalse();
        Client(site).TrackConversion(56);

        Step(hours);
        await site.MoveAsync(TimeSpan.FromSeconds(1));
        site.App.Services.GetRequiredService<TrackingRound>().OldestAge.ShouldBe(TimeSpan.FromSeconds(1));
        await site.MoveAsync(TimeSpan.FromMinutes(2));

        await Eventually.IsTrueAsync(async () => await FlushAsync(site));
        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(0);
        platform.Events.Where(sent => sent["eventType"] == "conversion").Select(sent => sent["goalId"]).ShouldBe(["55", "55", "56"]);
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(1)]
    public async Task What_an_outbox_holds_is_sent_after_the_pause(int hours)
    {
        var database = new ManualClock();
        var outbox = new MemoryOutbox(database);
        var platform = new StubPlatform();
        platform.AnswerTrackingWith(HttpStatusCode.ServiceUnavailable);
        await using var site = await TestSite.StartAsync(
            options => options.Resilience.Tracking.Retries = 0,
            platform: platform,
            clock: _clock,
            services: services => services.AddSingleton<ITrackingOutbox>(outbox));
        Client(site).TrackConversion(55, 129.90m);
        (await FlushAsync(site)).ShouldBeTrue();
        await platform.UntilAsync(sent => sent.IsTracking);
        await Eventually.IsTrueAsync(() => site.Log.Texts(306).Any());

        Step(hours);

        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(TimeSpan.FromSeconds(1));
            await database.MoveAsync(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
            return outbox.Count == 0;
        });
        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_token_is_kept_for_its_time_and_a_failed_endpoint_is_asked_again(int hours)
    {
        var (requests, fails) = (0, true);
        var platform = new StubPlatform();
        platform.Token = () =>
        {
            requests++;
            return fails
                ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)
                : StubPlatform.Json($$"""{"access_token":"TOKEN-{{requests}}","expires_in":7200}""");
        };
        await using var site = await TestSite.StartAsync(
            options =>
            {
                (options.ClientId, options.ClientSecret) = ("id", "secret");
                options.Resilience.Api.Retries = 0;
            },
            platform: platform,
            clock: _clock);
        var tokens = site.App.Services.GetRequiredService<AccessTokenSource>();
        (await tokens.GetAsync(default)).ShouldBeNull();
        fails = false;

        Step(hours);
        await site.MoveAsync(TimeSpan.FromSeconds(6));
        (await tokens.GetAsync(default)).ShouldBe("TOKEN-2");
        Step(-hours);
        (await tokens.GetAsync(default)).ShouldBe("TOKEN-2");
        Step(hours);
        (await tokens.GetAsync(default)).ShouldBe("TOKEN-2");

        requests.ShouldBe(2);
    }

    // Of all visitors: that of one would add that the visitor is there.
    private static Task<bool> FlushAsync(TestSite site) => site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync();

    private static IKameleoonClient Client(TestSite site) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

    private void Step(int hours) => _clock.Step += TimeSpan.FromHours(hours);
}
