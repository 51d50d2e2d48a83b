using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A platform that rejects events for ever keeps neither visitors nor events in memory.</summary>
public sealed class RejectedTrackingTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Sessions_end_in_time_and_events_expire_although_every_request_is_rejected(HttpStatusCode answer)
    {
        using var platform = new StubPlatform();
        platform.AnswerTrackingWith([.. Enumerable.Repeat(answer, 100_000)]);
        await using var site = await TestSite.StartAsync(
            options => options.Resilience.Tracking.Retries = 0, platform: platform, clock: _clock);
        var visitors = site.App.Services.GetRequiredService<VisitorStore>();
        var queue = site.App.Services.GetRequiredService<TrackingQueue>();
        for (var visitor = 0; visitor < 20; visitor++)
        {
            var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor($"visitor{visitor}");
            client.GetVariation("checkout");
            client.TrackConversion(55);
        }

        visitors.Count.ShouldBe(20);
        await site.MoveAsync(TimeSpan.FromSeconds(1));
        await platform.UntilAsync(static sent => sent.IsTracking);

        // An attempt to send that prolonged a session would keep it: attempts come more often than sessions end.
        await PassUntilAsync(site, () => visitors.Count == 0, visitors.SweepInterval);
        platform.TrackingRequests.ShouldNotBeEmpty();
        await PassUntilAsync(site, () => queue.Count == 0, TimeSpan.FromMinutes(1));
        visitors.Count.ShouldBe(0);
    }

    private static Task PassUntilAsync(TestSite site, Func<bool> isSo, TimeSpan step) => Eventually.IsTrueAsync(async () =>
    {
        await site.MoveAsync(step);
        await Task.Delay(1);
        return isSo();
    });
}
