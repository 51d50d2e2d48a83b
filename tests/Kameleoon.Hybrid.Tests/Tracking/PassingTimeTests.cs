namespace Kameleoon.Hybrid.Tests;

/// <summary>Time that a test lets pass ends no work that is under way.</summary>
public sealed class PassingTimeTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_post_that_is_under_way_is_answered_before_its_deadline_passes()
    {
        using var answers = new ManualResetEventSlim();
        using var slow = new StubPlatform { Tracked = answers.Wait };
        await using var site = await TestSite.StartAsync(platform: slow, clock: _clock);
        var clients = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        clients.ForVisitor("anna").TrackConversion(1);
        var flush = clients.FlushAsync();
        await slow.UntilAsync(static sent => sent.IsTracking);

        Should.Throw<InvalidOperationException>(() => _clock.Advance(TimeSpan.FromMinutes(1)));
        var move = site.MoveAsync(TimeSpan.FromMinutes(1));
        move.IsCompleted.ShouldBeFalse();
        answers.Set();
        await move;

        (await flush).ShouldBeTrue();
        slow.TrackingRequests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_response_is_complete_before_time_passes()
    {
        var answers = new TaskCompletionSource();
        await using var site = await TestSite.StartAsync(
            map: app => app.MapGet("/slow", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("begun");
                await context.Response.Body.FlushAsync();
                await answers.Task;
            }),
            clock: _clock);
        using var response = await site.Http.GetAsync(new Uri("/slow", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        var before = _clock.GetUtcNow();
        var move = site.MoveAsync(TimeSpan.FromMinutes(1));
        _clock.GetUtcNow().ShouldBe(before);
        answers.SetResult();
        await move;

        _clock.GetUtcNow().ShouldBe(before + TimeSpan.FromMinutes(1));
    }
}
