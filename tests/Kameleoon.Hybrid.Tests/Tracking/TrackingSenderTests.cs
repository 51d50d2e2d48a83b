using System.Net;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Events arrive, or their loss is counted; pages never notice.</summary>
public sealed class TrackingSenderTests
{
    [Fact]
    public async Task A_conversion_goes_out_at_the_next_interval_with_its_revenue()
    {
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(clock: clock);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy", ("Cookie", "kameleoonVisitorCode=buyer"));

        await site.MoveAsync(TimeSpan.FromSeconds(1));
        var request = await site.Platform.UntilAsync(sent => sent.IsTracking);

        request.Url.AbsoluteUri.ShouldBe("https://data.kameleoon.io/visit/events"
            + "?sdkName=CSHARP&sdkVersion=4.22.0&siteCode=abcde12345&bodyUa=true");
        request.Headers.ShouldNotContainKey("Authorization");
        var sent = request.Lines.ShouldHaveSingleItem();
        sent["goalId"].ShouldBe("55");
        sent["revenue"].ShouldBe("10.50");
        sent["visitorCode"].ShouldBe("buyer");
    }

    [Fact]
    public async Task A_failing_platform_is_tried_three_times_with_the_same_nonces()
    {
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(Patiently, clock: clock);
        site.Platform.AnswerTrackingWith(HttpStatusCode.InternalServerError, HttpStatusCode.TooManyRequests, HttpStatusCode.NoContent);
        using var response = await BuyAsync(site);

        await SendAllAsync(site, clock, attempts: 3);

        var nonces = site.Platform.Events.Select(sent => sent["nonce"]).ToList();
        nonces.Count.ShouldBe(3);
        nonces.Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        site.Log.Texts(301).ShouldBeEmpty();
        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.events.retried") == 2);
        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.events.sent") == 1);
    }

    [Fact]
    public async Task What_failed_three_times_waits_and_arrives_with_its_nonce_before_what_came_later()
    {
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(Patiently, clock: clock);
        site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.ServiceUnavailable, 3)]);
        using var first = await BuyAsync(site);
        await SendAllAsync(site, clock, attempts: 3);
        await Eventually.IsTrueAsync(() => site.Log.Texts(306).Any());
        using var second = await site.GetAsync("/decide/checkout", ("Cookie", "kameleoonVisitorCode=buyer"));
        await site.CompletedAsync();

        await SendAllAsync(site, clock, attempts: 5);

        var events = site.Platform.Events;
        events.Select(sent => sent["eventType"])
            .ShouldBe(["conversion", "conversion", "conversion", "conversion", "experiment"]);
        events[..4].Select(sent => sent["nonce"]).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        await Eventually.IsTrueAsync(() => site.Log.Texts(307).Count() == 1);
        site.Log.Texts(306).ShouldHaveSingleItem().ShouldContain("503");
        site.Log.Texts(301).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_waits_longer_than_the_setting_is_dropped_and_counted()
    {
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(
            options => options.Resilience.Tracking.Retries = 0, clock: clock);
        site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.ServiceUnavailable, 1)]);
        using var response = await BuyAsync(site);
        await SendAllAsync(site, clock, attempts: 1);
        await Eventually.IsTrueAsync(() => site.Log.Texts(306).Any());

        await site.MoveAsync(TimeSpan.FromHours(3));

        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.events.dropped", "reason", "expired") == 1);
        site.Platform.TrackingRequests.Count().ShouldBe(1);
        site.App.Services.GetRequiredService<TrackingQueue>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_flush_says_whether_the_events_are_with_the_platform()
    {
        await using var site = await TestSite.StartAsync(options => options.Resilience.Tracking.Retries = 0);
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        factory.ForVisitor("anna").AddData(new CustomData(1, "x"));
        factory.ForVisitor("bert").AddData(new CustomData(1, "x"));

        site.Platform.AnswerTrackingWith(HttpStatusCode.ServiceUnavailable);
        (await factory.FlushAsync()).ShouldBeFalse();
        await Eventually.IsTrueAsync(async () => await factory.FlushAsync());

        site.Platform.TrackingRequests.Last().Lines.Select(sent => sent["visitorCode"]).Order(StringComparer.Ordinal).ShouldBe(["anna", "bert"]);
        site.Platform.AnswerTrackingWith(HttpStatusCode.Forbidden);
        (await factory.ForVisitor("bert").FlushAsync()).ShouldBeFalse();
        await site.App.StopAsync();
        (await factory.FlushAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_flush_says_no_when_something_found_no_room()
    {
        await using var site = await TestSite.StartAsync(options => options.Tracking.MaxQueuedEvents = 1000);
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        for (var goal = 0; goal <= 1000; goal++)
        {
            factory.ForVisitor("anna").TrackConversion(goal);
        }

        (await factory.FlushAsync()).ShouldBeFalse();
        (await factory.FlushAsync()).ShouldBeTrue();

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "overflow").ShouldBe(1);
    }

    [Fact]
    public async Task What_comes_after_the_stop_is_counted_as_dropped()
    {
        await using var site = await TestSite.StartAsync();
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");
        await site.App.StopAsync();

        client.TrackConversion(1);

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "stop").ShouldBe(1);
        site.App.Services.GetRequiredService<TrackingQueue>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_body_that_is_too_large_for_the_platform_goes_in_halves()
    {
        await using var site = await TestSite.StartAsync();
        site.Platform.AnswerTrackingWith(HttpStatusCode.RequestEntityTooLarge);
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");
        for (var goal = 0; goal < 9; goal++)
        {
            client.TrackConversion(goal);
        }

        (await client.FlushAsync()).ShouldBeTrue();

        var bodies = site.Platform.TrackingRequests.Select(sent => sent.Lines.ToList()).ToList();
        bodies.Count.ShouldBe(3);
        bodies[1].Concat(bodies[2]).Select(sent => sent["nonce"]).ShouldBe(bodies[0].Select(sent => sent["nonce"]));
        site.App.Services.GetRequiredService<TrackingQueue>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task Stopping_beside_a_dead_platform_takes_no_longer_than_the_setting_and_counts_what_is_lost()
    {
        await using var site = await TestSite.StartAsync(options => options.StopTimeout = TimeSpan.Zero);
        site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.ServiceUnavailable, 3)]);
        using var response = await BuyAsync(site);

        await site.App.StopAsync();

        site.Log.Texts(301).ShouldHaveSingleItem().ShouldBe("1 events were dropped: stop.");
    }

    [Fact]
    public async Task Who_asks_for_a_pause_beyond_reason_is_not_waited_for()
    {
        await using var site = await TestSite.StartAsync(clock: new ManualClock()); // No round before the application stops.
        site.Platform.RetryAfter = TimeSpan.FromDays(1000);
        site.Platform.AnswerTrackingWith(HttpStatusCode.ServiceUnavailable);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy");

        await site.App.StopAsync();

        site.Platform.TrackingRequests.ShouldHaveSingleItem();
        site.Log.Texts(301).ShouldHaveSingleItem().ShouldBe("1 events were dropped: stop.");
        site.Log.Texts(306).ShouldHaveSingleItem().ShouldContain("503");
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_refusal_for_good_is_not_repeated(HttpStatusCode status)
    {
        await using var site = await TestSite.StartAsync();
        site.Platform.AnswerTrackingWith(status);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy");

        await site.StopAndReadEventsAsync();

        site.Platform.TrackingRequests.ShouldHaveSingleItem();
        site.Log.Texts(301).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task With_credentials_events_carry_a_token_that_is_asked_for_once()
    {
        await using var site = await TestSite.StartAsync(options =>
        {
            options.ClientId = "my-client-id";
            options.ClientSecret = "my secret&=";
        });
        using var first = await BuyAsync(site);
        await site.Platform.UntilAsync(sent => sent.IsTracking);
        using var second = await site.SendAsync(HttpMethod.Post, "/buy");

        await site.App.StopAsync();

        site.Platform.TrackingRequests.Count().ShouldBe(2);
        site.Platform.TrackingRequests.ShouldAllBe(sent => sent.Headers["Authorization"] == "Bearer TOKEN-1");
        var token = site.Platform.Requests.Where(sent => sent.Url.AbsolutePath is "/oauth/token").ShouldHaveSingleItem();
        token.Headers["Authorization"].ShouldBe("Basic bXktY2xpZW50LWlkOm15IHNlY3JldCY9");
        token.Body.ShouldBe("grant_type=client_credentials");
    }

    [Fact]
    public async Task A_token_endpoint_that_hangs_holds_no_events_back()
    {
        var platform = new StubPlatform
        {
            Token = () => new HttpResponseMessage { Content = new StreamContent(new StalledStream()) },
        };
        await using var site = await TestSite.StartAsync(
            options =>
            {
                options.ClientId = "id";
                options.ClientSecret = "secret";
                options.StopTimeout = TimeSpan.FromMinutes(1);
            },
            platform: platform);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy");

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
        site.Log.Texts(303).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once_and_the_events_arrive()
    {
        await using var site = await TestSite.StartAsync(options =>
        {
            options.ClientId = "id";
            options.ClientSecret = "secret";
        });
        site.Platform.AnswerTrackingWith(HttpStatusCode.Unauthorized, HttpStatusCode.NoContent);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy");

        await site.App.StopAsync();

        site.Platform.Requests.Count(sent => sent.Url.AbsolutePath is "/oauth/token").ShouldBe(2);
        site.Log.Texts(301).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(200, "not json")]
    [InlineData(200, """{"access_token":"a\r\nb","expires_in":7200}""")]
    [InlineData(200, """{"access_token":"","expires_in":7200}""")]
    [InlineData(200, """{"access_token":null,"expires_in":7200}""")]
    public async Task Without_a_usable_token_events_are_sent_without_one(int status, string answer)
    {
        var platform = new StubPlatform
        {
            Token = () => new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(answer) },
        };
        await using var site = await TestSite.StartAsync(
            options =>
            {
                options.ClientId = "id";
                options.ClientSecret = "secret";
            },
            platform: platform);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy");

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
        platform.TrackingRequests.Single().Headers.ShouldNotContainKey("Authorization");
        site.Log.Texts(303).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("eu-data.kameleoon.io", null, "https://eu-data.kameleoon.io/visit/events")]
    [InlineData("eu-data.kameleoon.io", "kam.localhost", "https://eu-data.kam.localhost/visit/events")]
    [InlineData("user@evil.test/path?x=", null, "https://data.kameleoon.io/visit/events")]
    [InlineData("169.254.169.254", null, "https://data.kameleoon.io/visit/events")]
    [InlineData("example.com\\n.", null, "https://data.kameleoon.io/visit/events")]
    [InlineData("nodot", null, "https://data.kameleoon.io/visit/events")]
    public async Task Events_go_to_the_host_that_the_data_file_names_if_it_is_one(string domain, string? network, string expected)
    {
        var platform = new StubPlatform
        {
            DataFile = _ => StubPlatform.Json(DataFiles.Shop.Replace(
                "\"consentType\"", $"\"dataApiDomain\": \"{domain}\", \"consentType\"", StringComparison.Ordinal)),
        };
        await using var site = await TestSite.StartAsync(o => o.NetworkDomain = network, platform: platform);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy");

        await site.App.StopAsync();

        platform.TrackingRequests.Single().Url.GetLeftPart(UriPartial.Path).ShouldBe(expected);
    }

    [Fact]
    public async Task A_round_that_breaks_off_leaves_nobody_waiting_and_loses_nothing()
    {
        var clock = new ManualClock();
        using var broken = new BrokenLog(306);
        await using var site = await TestSite.StartAsync(
            options => options.Resilience.Tracking.Retries = 0,
            clock: clock,
            services: services => services.AddLogging(logging => logging.AddProvider(broken)));
        site.Platform.AnswerTrackingWith(HttpStatusCode.ServiceUnavailable);
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");
        client.TrackConversion(55);

        (await client.FlushAsync().WaitAsync(HangGuard.Timeout)).ShouldBeFalse();
        await site.MoveAsync(TimeSpan.FromMinutes(2));
        (await client.FlushAsync().WaitAsync(HangGuard.Timeout)).ShouldBeTrue();

        site.Log.Texts(310).ShouldHaveSingleItem();
        site.App.Lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
        site.Platform.Events.Where(sent => sent["eventType"] == "conversion").Select(sent => sent["nonce"])
            .Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
    }

    private static void Patiently(KameleoonOptions options) =>
        options.Resilience.Tracking.AttemptTimeout = TimeSpan.FromMinutes(1);

    private static Task<HttpResponseMessage> BuyAsync(TestSite site) =>
        site.SendAsync(HttpMethod.Post, "/buy", ("Cookie", "kameleoonVisitorCode=buyer"));

    /// <summary>Lets time pass until the platform was asked that often.</summary>
    private static Task SendAllAsync(TestSite site, ManualClock clock, int attempts) => Eventually.IsTrueAsync(async () =>
    {
        if (site.Platform.TrackingRequests.Count() >= attempts)
        {
            return true;
        }

        await site.MoveAsync(TimeSpan.FromSeconds(1));
        await Task.Delay(10);
        return false;
    });
}
