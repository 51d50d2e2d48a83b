using System.Globalization;
using System.IO.Pipelines;
using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>One token for all callers, replaced in time, and asked for ever more rarely while there is none.</summary>
public sealed class AccessTokenTests
{
    private readonly ManualClock _clock = new();
    private int _issued;

    [Fact]
    public async Task Fifty_callers_at_once_share_one_request()
    {
        await using var site = await StartAsync(expiresIn: 7200);
        var tokens = Tokens(site);

        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => AskAsync(tokens))));

        all.ShouldAllBe(token => token == "TOKEN-1");
        TokenRequests(site).ShouldBe(1);
        site.Metrics.Sum("kameleoon.access_token.requests", "outcome", "obtained").ShouldBe(1);
    }

    [Fact]
    public async Task In_its_last_half_hour_a_token_is_used_and_replaced_in_the_background()
    {
        await using var site = await StartAsync(expiresIn: 7200);
        var tokens = Tokens(site);
        await AskAsync(tokens);

        await site.MoveAsync(TimeSpan.FromMinutes(89));
        (await AskAsync(tokens)).ShouldBe("TOKEN-1");
        TokenRequests(site).ShouldBe(1);
        await site.MoveAsync(TimeSpan.FromMinutes(2));
        (await AskAsync(tokens)).ShouldBe("TOKEN-1");

        await Eventually.IsTrueAsync(async () => await AskAsync(tokens) == "TOKEN-2");
        TokenRequests(site).ShouldBe(2);
    }

    [Fact]
    public async Task A_token_is_not_used_in_its_last_minute()
    {
        await using var site = await StartAsync(expiresIn: 600);
        var tokens = Tokens(site);
        await AskAsync(tokens);

        await site.MoveAsync(TimeSpan.FromSeconds(541));

        (await AskAsync(tokens)).ShouldBe("TOKEN-2");
    }

    [Fact]
    public async Task A_token_that_comes_late_is_used_although_nobody_waits_for_it_any_more()
    {
        await using var site = await StartAsync(expiresIn: 7200);
        var answer = new Pipe();
        site.Platform.Token = () => new HttpResponseMessage { Content = new StreamContent(answer.Reader.AsStream()) };
        var tokens = Tokens(site);
        var first = tokens.GetAsync(CancellationToken.None);

        await site.MoveAsync(TimeSpan.FromSeconds(2));
        (await first.AsTask().WaitAsync(HangGuard.Timeout)).ShouldBeNull();
        (await AskAsync(tokens)).ShouldBeNull();
        site.Log.Texts(303).ShouldHaveSingleItem();
        await answer.Writer.WriteAsync("""{"access_token":"LATE","expires_in":7200}"""u8.ToArray());
        await answer.Writer.CompleteAsync();

        await Eventually.IsTrueAsync(async () => await AskAsync(tokens) == "LATE");
        TokenRequests(site).ShouldBe(1);
        site.Log.Texts(305).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("\"7200\"")]
    [InlineData("7200.5")]
    [InlineData("1e300")]
    public async Task The_life_of_a_token_may_be_written_in_other_ways(string life)
    {
        await using var site = await StartAsync(expiresIn: 7200);
        site.Platform.Token = () => StubPlatform.Json($$"""{"access_token":"TOKEN","expires_in":{{life}}}""");
        var tokens = Tokens(site);

        (await AskAsync(tokens)).ShouldBe("TOKEN");
        await site.MoveAsync(TimeSpan.FromMinutes(60));

        (await AskAsync(tokens)).ShouldBe("TOKEN");
        TokenRequests(site).ShouldBe(1);
    }

    [Fact]
    public async Task A_failing_endpoint_is_left_alone_longer_each_time_and_both_ends_of_the_outage_are_logged()
    {
        await using var site = await StartAsync(expiresIn: 7200);
        var working = site.Platform.Token;
        site.Platform.Token = () => new HttpResponseMessage(HttpStatusCode.Forbidden);
        var tokens = Tokens(site);

        var asked = new List<int>();
        for (var second = 0; second < 2000; second++)
        {
            (await AskAsync(tokens)).ShouldBeNull();
            if (TokenRequests(site) > asked.Count)
            {
                asked.Add(second);
            }

            await site.MoveAsync(TimeSpan.FromSeconds(1));
        }

        asked.ShouldBe([0, 5, 35, 155, 755, 1355, 1955]);
        site.Log.Texts(303).ShouldHaveSingleItem();
        site.Platform.Token = working;
        await site.MoveAsync(TimeSpan.FromMinutes(10));
        (await AskAsync(tokens)).ShouldBe("TOKEN-1");
        site.Log.Texts(305).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_refused_token_is_replaced_at_once_the_first_time_and_later_the_second()
    {
        await using var site = await StartAsync(expiresIn: 7200);
        var tokens = Tokens(site);
        tokens.Discard((await AskAsync(tokens))!);
        (await AskAsync(tokens)).ShouldBe("TOKEN-2");

        tokens.Discard("TOKEN-1");
        (await AskAsync(tokens)).ShouldBe("TOKEN-2");
        tokens.Discard("TOKEN-2");
        (await AskAsync(tokens)).ShouldBeNull();
        await site.MoveAsync(TimeSpan.FromSeconds(5));

        (await AskAsync(tokens)).ShouldBe("TOKEN-3");
    }

    [Fact]
    public async Task Events_whose_token_is_refused_twice_are_sent_without_one()
    {
        await using var site = await StartAsync(expiresIn: 7200);
        site.Platform.AnswerTrackingWith(HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.NoContent);
        using var response = await site.SendAsync(HttpMethod.Post, "/buy");

        await site.App.StopAsync();

        site.Platform.TrackingRequests.Select(sent => sent.Headers.GetValueOrDefault("Authorization"))
            .ShouldBe(["Bearer TOKEN-1", "Bearer TOKEN-2", null]);
        site.Log.Texts(301).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_wait_while_the_platform_wants_a_token_that_is_not_to_be_had()
    {
        await using var site = await StartAsync(expiresIn: 7200);
        site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, 3)]);
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        factory.ForVisitor("anna").TrackConversion(1);

        (await factory.FlushAsync()).ShouldBeFalse();
        await site.MoveAsync(TimeSpan.FromMinutes(2));
        (await factory.FlushAsync()).ShouldBeTrue();

        site.Platform.TrackingRequests.Count(sent => sent.Body.Contains("goalId=1", StringComparison.Ordinal)).ShouldBe(4);
        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(0);
    }

    private static AccessTokenSource Tokens(TestSite site) => site.App.Services.GetRequiredService<AccessTokenSource>();

    private static Task<string?> AskAsync(AccessTokenSource tokens) => tokens.GetAsync(CancellationToken.None).AsTask();

    private static int TokenRequests(TestSite site) =>
        site.Platform.Requests.Count(sent => sent.Url.AbsolutePath == "/oauth/token");

    private Task<TestSite> StartAsync(int expiresIn) => TestSite.StartAsync(
        options =>
        {
            options.ClientId = "id";
            options.ClientSecret = "secret";
        },
        platform: new StubPlatform
        {
            Token = () => StubPlatform.Json(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"access_token":"TOKEN-{{Interlocked.Increment(ref _issued)}}","expires_in":{{expiresIn}}}""")),
        },
        clock: _clock);
}
