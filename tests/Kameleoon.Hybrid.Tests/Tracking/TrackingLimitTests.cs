using System.Net;
using System.Runtime.CompilerServices;

namespace Kameleoon.Hybrid.Tests;

/// <summary>However much there is, and however long the platform is away: bodies stay below its limit, nothing is lost
/// unseen, and memory comes back.</summary>
public sealed class TrackingLimitTests
{
    /// <summary>The platform refuses 3 MB; the official SDKs stop here.</summary>
    private const int MaxBytes = 2560 * 1024;

    [Fact]
    [Spec("TR-6")]
    public async Task A_pause_that_the_platform_asks_for_is_kept()
    {
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(
            options => options.Resilience.Tracking.AttemptTimeout = TimeSpan.FromMinutes(1), clock: clock);
        var arrivals = new List<DateTimeOffset>();
        site.Platform.Tracked = () => arrivals.Add(clock.GetUtcNow());
        site.Platform.RetryAfter = TimeSpan.FromSeconds(20);
        site.Platform.AnswerTrackingWith(HttpStatusCode.TooManyRequests);

        Client(site, "anna").TrackConversion(55);
        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
            return site.Platform.TrackingRequests.Count() >= 2 && site.Platform.Open == 0;
        });

        // By its own measure it would have come again within 10 s.
        (arrivals[1] - arrivals[0]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(20));
        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.events.sent") == 1);
        site.Platform.Events.Select(sent => sent["nonce"]).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
    }

    [Fact]
    [Spec("TR-8")]
    public async Task Four_megabytes_of_one_visitor_go_in_several_bodies_below_the_limit()
    {
        await using var site = await TestSite.StartAsync();
        var client = Client(site, "anna");
        client.AddData(new UserAgent("agent"));
        var details = new CustomData(1, [.. Enumerable.Range(0, 10).Select(i => new string((char)('a' + i), 2000))]);

        for (var goal = 0; goal < 220; goal++)
        {
            client.TrackConversion(goal, metadata: details);
        }

        (await client.FlushAsync()).ShouldBeTrue();

        var bodies = site.Platform.TrackingRequests.Select(sent => sent.Body).ToList();
        bodies.Sum(body => body.Length).ShouldBeGreaterThan(4 * 1024 * 1024);
        bodies.ShouldAllBe(body => body.Length <= MaxBytes);
        bodies.ShouldAllBe(body => body.Split('\n')[0].EndsWith("&visitorCode=anna&userAgent=agent", StringComparison.Ordinal));
        site.Platform.Events.Select(sent => sent["goalId"]).ShouldBe(Enumerable.Range(0, 220).Select(goal => $"{goal}"));
    }

    [Fact]
    [Spec("TR-9")]
    public async Task Of_a_hundred_thousand_visitors_in_one_interval_none_is_lost()
    {
        const int Visitors = 100_000;
        await using var site = await TestSite.StartAsync(clock: new ManualClock());
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();

        for (var visitor = 0; visitor < Visitors; visitor++)
        {
            factory.ForVisitor($"visitor-{visitor}").TrackConversion(55);
        }

        (await factory.FlushAsync()).ShouldBeTrue();

        var bodies = site.Platform.TrackingRequests.Select(sent => sent.Body).ToList();
        bodies.Count.ShouldBeGreaterThan(2);
        bodies.ShouldAllBe(body => body.Length <= MaxBytes);
        var lines = bodies.SelectMany(body => body.Split('\n')).ToList();
        lines.Count.ShouldBe(Visitors);
        After(lines, "&visitorCode=").ShouldBe(Visitors);
        After(lines, "&nonce=").ShouldBe(Visitors);
        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(0);
    }

    [Fact]
    [Spec("TR-13")]
    public async Task When_the_sessions_are_over_an_outage_without_end_holds_nothing_in_memory()
    {
        const int Visitors = 500;
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(options => options.Resilience.Tracking.Retries = 0, clock: clock);
        site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.ServiceUnavailable, 10_000)]);
        var (queue, store) = (
            site.App.Services.GetRequiredService<TrackingQueue>(), site.App.Services.GetRequiredService<VisitorStore>());

        var addresses = Visit(site, Visitors);
        (await Client(site, "visitor-0").FlushAsync()).ShouldBeFalse();
        store.Count.ShouldBe(Visitors);
        await site.MoveAsync(TimeSpan.FromHours(3));
        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(store.SweepInterval);
            await Task.Delay(1);
            return store.Count == 0 && queue.Count == 0;
        });

        store.Sessions.ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.events.sent").ShouldBe(0);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "expired").ShouldBe(2 * Visitors);
        await Eventually.IsTrueAsync(() =>
        {
            GC.Collect();
            return !addresses.Exists(address => address.IsAlive);
        });
    }

    // In a method of its own: what a test's locals hold cannot be freed.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Visit(TestSite site, int visitors)
    {
        var addresses = new List<WeakReference>();
        for (var visitor = 0; visitor < visitors; visitor++)
        {
            // Both the event and the session keep it.
            var address = $"https://shop.example/{visitor}";
            var client = Client(site, $"visitor-{visitor}");
            client.AddData(new PageView(address));
            client.TrackConversion(55);
            addresses.Add(new WeakReference(address));
        }

        return addresses;
    }

    private static int After(List<string> lines, string mark) => lines
        .Select(line => line[line.IndexOf(mark, StringComparison.Ordinal)..]).Distinct(StringComparer.Ordinal).Count();

    private static IKameleoonClient Client(TestSite site, string visitor) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor);
}
