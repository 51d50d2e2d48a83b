using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Whoever operates the site sees how much waits, how large the batches are and how long they take.</summary>
public sealed class TrackingTelemetryTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task The_queue_s_size_is_what_is_not_with_the_platform_yet()
    {
        await using var site = await StartAsync();
        site.Metrics.Observe("kameleoon.events.queue.size").ShouldBe(0);

        Buy(site, 3);
        site.Metrics.Observe("kameleoon.events.queue.size").ShouldBe(3);
        site.Platform.AnswerTrackingWith(HttpStatusCode.ServiceUnavailable);
        (await Client(site).FlushAsync()).ShouldBeFalse();
        site.Metrics.Observe("kameleoon.events.queue.size").ShouldBe(3);

        await site.MoveAsync(TimeSpan.FromMinutes(2));
        await Eventually.IsTrueAsync(() => site.Metrics.Observe("kameleoon.events.queue.size") == 0);
        site.Metrics.Sum("kameleoon.events.sent").ShouldBe(3);
    }

    [Fact]
    public async Task A_batch_s_size_is_the_number_of_its_events()
    {
        await using var site = await StartAsync();

        Buy(site, 3);
        await Client(site).FlushAsync();
        site.Metrics.Sum("kameleoon.events.batch.size").ShouldBe(3);
        Buy(site, 1);
        await Client(site).FlushAsync();

        site.Metrics.Sum("kameleoon.events.batch.size").ShouldBe(4);
    }

    [Fact]
    public async Task A_batch_s_duration_says_whether_it_went_well()
    {
        await using var site = await StartAsync();

        // During a post, and not beyond its deadline.
        site.Platform.Tracked = () => _clock.Advance(TimeSpan.FromMilliseconds(250));

        Buy(site, 1);
        await Client(site).FlushAsync();
        Duration("error.type", null).ShouldBe(0.25, 0.001);
        site.Platform.AnswerTrackingWith(HttpStatusCode.Forbidden);
        Buy(site, 1);
        await Client(site).FlushAsync();

        Duration("error.type", null).ShouldBe(0.25, 0.001);
        Duration("error.type", "403").ShouldBe(0.25, 0.001);

        double Duration(string tag, string? value) => site.Metrics.Sum("kameleoon.events.send.duration", tag, value);
    }

    [Fact]
    public async Task The_outbox_s_age_is_that_of_its_oldest_batch()
    {
        var outbox = new MemoryOutbox(_clock);
        await using var site = await StartAsync(services => services.AddSingleton<ITrackingOutbox>(outbox));
        await outbox.StoreAsync(
            new TrackingBatch(Guid.CreateVersion7(), "abcde12345", new byte[] { 1 }, 1, _clock.GetUtcNow()), TimeSpan.FromHours(1), default);

        await site.MoveAsync(TimeSpan.FromSeconds(30));
        await Client(site).FlushAsync();
        var keeper = site.App.Services.GetRequiredService<OutboxKeeper>();
        await Eventually.IsTrueAsync(() => keeper.Age == TimeSpan.FromSeconds(30));
        site.Metrics.Observe("kameleoon.events.outbox.age").ShouldBe(30);
        await site.MoveAsync(TimeSpan.FromSeconds(5));

        site.Metrics.Observe("kameleoon.events.outbox.age").ShouldBe(35);
    }

    [Fact]
    public async Task A_request_with_events_is_an_activity_with_their_number_or_the_error()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Kameleoon.Hybrid",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var site = await StartAsync(options: options => options.SiteCode = "traced-events");

        Buy(site, 2);
        await Client(site).FlushAsync();
        site.Platform.AnswerTrackingWith(HttpStatusCode.Forbidden);
        Buy(site, 1);
        await Client(site).FlushAsync();

        Activity[] traced = [.. activities.Where(activity => activity.OperationName == "kameleoon.events.send"
            && activity.GetTagItem("feature_flag.set.id") as string == "traced-events")];
        traced.Select(activity => activity.GetTagItem("kameleoon.event.count")).ShouldBe([2, 1]);
        traced.Select(activity => activity.Status).ShouldBe([ActivityStatusCode.Unset, ActivityStatusCode.Error]);
        traced.Select(activity => activity.GetTagItem("error.type")).ShouldBe([null, "403"]);
        traced.ShouldAllBe(activity => activity.Parent == null);
    }

    private static void Buy(TestSite site, int conversions)
    {
        for (var goal = 0; goal < conversions; goal++)
        {
            Client(site).TrackConversion(goal);
        }
    }

    private static IKameleoonClient Client(TestSite site) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

    private Task<TestSite> StartAsync(Action<IServiceCollection>? services = null, Action<KameleoonOptions>? options = null) =>
        TestSite.StartAsync(
            settings =>
            {
                settings.Resilience.Tracking.Retries = 0;
                options?.Invoke(settings);
            },
            clock: _clock,
            services: services);
}
