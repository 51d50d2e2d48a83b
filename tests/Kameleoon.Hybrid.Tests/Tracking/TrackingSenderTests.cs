using System.Net;

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

        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(1));
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
        await using var site = await TestSite.StartAsync(clock: clock);
        site.Platform.AnswerTrackingWith(HttpStatusCode.InternalServerError, HttpStatusCode.TooManyRequests, HttpStatusCode.NoContent);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy");

        await SendAllAsync(site, clock, attempts: 3);

        var nonces = site.Platform.Events.Select(sent => sent["nonce"]).ToList();
        nonces.Count.ShouldBe(3);
        nonces.Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        site.Log.Texts(301).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_refused_three_times_is_dropped_counted_and_logged()
    {
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(clock: clock);
        site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.ServiceUnavailable, 3)]);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy");

        await SendAllAsync(site, clock, attempts: 3);
        await site.App.StopAsync();

        site.Platform.TrackingRequests.Count().ShouldBe(3);
        site.Log.Texts(301).ShouldHaveSingleItem().ShouldBe("1 events were dropped: answer 503.");
    }

    [Fact]
    public async Task Stopping_beside_a_dead_platform_takes_no_longer_than_the_setting_and_counts_what_is_lost()
    {
        await using var site = await TestSite.StartAsync(options => options.StopTimeout = TimeSpan.Zero);
        site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.ServiceUnavailable, 3)]);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy");

        await site.App.StopAsync();

        site.Log.Texts(301).ShouldHaveSingleItem().ShouldBe("1 events were dropped: timeout.");
    }

    [Fact]
    public async Task Who_asks_for_a_pause_beyond_reason_is_not_waited_for()
    {
        await using var site = await TestSite.StartAsync();
        site.Platform.RetryAfter = TimeSpan.FromDays(1000);
        site.Platform.AnswerTrackingWith(HttpStatusCode.ServiceUnavailable);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy");

        await site.App.StopAsync();

        site.Platform.TrackingRequests.ShouldHaveSingleItem();
        site.Log.Texts(301).ShouldHaveSingleItem().ShouldContain("503");
    }

    [Theory]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.BadRequest)]
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
        using var first = await site.SendAsync(HttpMethod.Post, "/buy");
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
    public void What_finds_no_place_in_the_queue_is_counted()
    {
        var queue = new TrackingQueue();
        for (var i = 0; i < TrackingQueue.Capacity + 7; i++)
        {
            queue.Add(TrackingEvent.Conversion("v", null, i, 0));
        }

        queue.TakeOverflowed().ShouldBe(7);
        queue.TakeOverflowed().ShouldBe(0);
        queue.TakeAll().Count.ShouldBe(TrackingQueue.Capacity);
    }

    private static async Task SendAllAsync(TestSite site, ManualClock clock, int attempts)
    {
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(1));
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            while (site.Platform.TrackingRequests.Count() < attempt)
            {
                await site.Platform.NextAsync();
            }

            if (attempt < attempts)
            {
                // Longer than any pause with jitter, shorter than the total deadline.
                await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(30));
            }
        }
    }
}
