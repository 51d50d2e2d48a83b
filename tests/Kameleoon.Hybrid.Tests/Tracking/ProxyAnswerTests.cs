using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Answers that come from something between, such as a proxy, lose no event.</summary>
public sealed class ProxyAnswerTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.NotModified)]
    [InlineData(HttpStatusCode.TemporaryRedirect)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    [InlineData(HttpStatusCode.ProxyAuthenticationRequired)]
    [InlineData(HttpStatusCode.UnavailableForLegalReasons)]
    public async Task Events_wait_until_the_answer_is_the_platforms_again(HttpStatusCode odd)
    {
        await using var site = await TestSite.StartAsync(clock: _clock);
        site.Platform.AnswerTrackingWith(odd);
        var client = Client(site);
        client.TrackConversion(55, 129.90m);

        (await FlushAsync(site)).ShouldBeFalse();
        site.Log.Texts(306).ShouldHaveSingleItem().ShouldContain($"answered {(int)odd}");
        await site.MoveAsync(TimeSpan.FromMinutes(2));
        (await FlushAsync(site)).ShouldBeTrue();

        site.Platform.Events.Where(sent => sent["eventType"] == "conversion").Select(sent => sent["nonce"])
            .Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(0);
        site.Log.Texts(307).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Events_wait_when_a_handler_of_the_application_throws()
    {
        await using var site = await TestSite.StartAsync(clock: _clock);
        site.Platform.Tracked = static () => throw new InvalidOperationException("No route.");
        var client = Client(site);
        client.TrackConversion(55, 129.90m);

        (await FlushAsync(site)).ShouldBeFalse();
        site.Log.Texts(306).ShouldHaveSingleItem().ShouldContain("No route.");
        site.Platform.Tracked = null;
        await site.MoveAsync(TimeSpan.FromMinutes(2));
        (await FlushAsync(site)).ShouldBeTrue();

        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(0);
    }

    [Fact]
    public async Task A_proxy_that_answers_400_to_everything_for_minutes_loses_nothing()
    {
        await using var site = await TestSite.StartAsync(clock: _clock);
        var client = Client(site);
        for (var goal = 1; goal <= 9; goal++)
        {
            client.TrackConversion(goal);
        }

        // The body, its first half, and so on until the first event is alone and waits.
        site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.BadRequest, 5 + 8)]);
        (await FlushAsync(site)).ShouldBeFalse();
        site.Platform.TrackingRequests.Count().ShouldBe(5);
        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(TimeSpan.FromMinutes(2));
            return await FlushAsync(site);
        });

        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(0);
        site.Platform.Events.TakeLast(9).Select(sent => sent.GetValueOrDefault("goalId", "")).Where(goal => goal.Length > 0)
            .ShouldBe(Enumerable.Range(1, 9).Select(goal => $"{goal}"));
    }

    [Fact]
    public async Task An_event_that_is_always_answered_400_takes_no_other_with_it()
    {
        await using var site = await TestSite.StartAsync(clock: _clock);
        site.Platform.Judge = static body =>
            body.Split('\n').Any(static line => line.Contains("goalId=4&", StringComparison.Ordinal)) ? HttpStatusCode.BadRequest : null;
        var client = Client(site);
        for (var goal = 1; goal <= 7; goal++)
        {
            client.TrackConversion(goal);
        }

        await FlushAsync(site);
        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(TimeSpan.FromMinutes(2));
            await FlushAsync(site);
            return site.App.Services.GetRequiredService<TrackingQueue>().Count == 0;
        });

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "answer 400").ShouldBe(1);
        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(1);
        site.Platform.TrackingRequests
            .Count(static sent => sent.Lines.Count() == 1 && sent.Lines.Single().GetValueOrDefault("goalId") == "4").ShouldBe(10);
    }

    // Of all visitors: that of one would add that the visitor is there.
    private static Task<bool> FlushAsync(TestSite site) => site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync();

    private static IKameleoonClient Client(TestSite site) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");
}
