using System.Net;
using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid.Tests;

/// <summary>With an outbox events are stored before they are sent, and arrive once whoever dies meanwhile.</summary>
public sealed class OutboxTests
{
    private readonly ManualClock _clock = new();
    private readonly MemoryOutbox _outbox;

    public OutboxTests() => _outbox = new MemoryOutbox(_clock);

    [Fact]
    public async Task What_the_platform_takes_leaves_nothing_behind()
    {
        await using var site = await StartAsync();

        Client(site, "anna").TrackConversion(55);
        (await Client(site, "anna").FlushAsync()).ShouldBeTrue();

        await Eventually.IsTrueAsync(() => site.Platform.Events.Count == 1 && _outbox.Count == 0);
        site.App.Services.GetRequiredService<TrackingQueue>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task While_the_platform_is_away_a_flush_is_safe_and_the_events_go_later_with_their_nonces()
    {
        await using var site = await StartAsync();
        site.Platform.AnswerTrackingWith(HttpStatusCode.ServiceUnavailable);

        for (var goal = 1; goal <= 3; goal++)
        {
            Client(site, "anna").TrackConversion(goal);
            (await Client(site, "anna").FlushAsync()).ShouldBeTrue();
        }

        _outbox.Count.ShouldBe(3);
        await Eventually.IsTrueAsync(() => site.Platform.TrackingRequests.Any());
        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
            return _outbox.Count == 0;
        });

        var attempts = site.Platform.Events.ToLookup(
            sent => sent["goalId"], sent => sent["nonce"], StringComparer.Ordinal);
        attempts.Select(goal => goal.Key).Order(StringComparer.Ordinal).ShouldBe(["1", "2", "3"]);
        attempts.ShouldAllBe(goal => goal.Distinct(StringComparer.Ordinal).Count() == 1);
        attempts.Max(goal => goal.Count()).ShouldBeGreaterThan(1);
        await Eventually.IsTrueAsync(() => site.Metrics.Observe("kameleoon.events.outbox.size") == 0);
    }

    [Fact]
    public async Task What_a_node_that_died_had_stored_another_one_sends_as_it_is_when_the_lease_is_over()
    {
        const string line = "eventType=activity&nonce=0123456789ABCDEF&visitorCode=anna";
        var left = new TrackingBatch(
            Guid.CreateVersion7(), "abcde12345", System.Text.Encoding.ASCII.GetBytes(line), 1, _clock.GetUtcNow());
        await _outbox.StoreAsync(left, TimeSpan.FromMinutes(5), default);
        await _outbox.StoreAsync(left with { Id = Guid.CreateVersion7(), SiteCode = "another" }, TimeSpan.Zero, default);
        await using var site = await StartAsync();

        (await Client(site, "bert").FlushAsync()).ShouldBeTrue();
        await Eventually.IsTrueAsync(() => _outbox.Count == 2);
        site.Platform.Events.ShouldHaveSingleItem()["visitorCode"].ShouldBe("bert");
        await site.MoveAsync(TimeSpan.FromMinutes(5));

        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(TimeSpan.FromSeconds(1)); // The pause between rounds may begin at any time.
            return _outbox.Count == 1;
        });
        site.Platform.TrackingRequests.Last().Body.ShouldBe(line);
    }

    [Fact]
    public async Task What_lies_in_it_for_too_long_is_dropped_and_counted()
    {
        await _outbox.StoreAsync(
            new TrackingBatch(Guid.CreateVersion7(), "abcde12345", new byte[] { 1 }, 7, _clock.GetUtcNow()), TimeSpan.Zero, default);
        _clock.Advance(TimeSpan.FromHours(3));
        await using var site = await StartAsync();

        await Client(site, "bert").FlushAsync();

        await Eventually.IsTrueAsync(() => _outbox.Count == 0);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "expired").ShouldBe(7);
    }

    [Fact]
    public async Task What_comes_while_the_sender_is_held_up_does_not_take_the_age_of_what_waits_longer()
    {
        await using var site = await StartAsync();
        var isReady = new TaskCompletionSource();
        _outbox.Ready = isReady.Task;
        var queue = site.App.Services.GetRequiredService<TrackingQueue>();
        Client(site, "bert").TrackConversion(1);
        var flush = Client(site, "bert").FlushAsync();
        await Eventually.IsTrueAsync(() => queue.OldestArrival is null);
        Client(site, "anna").TrackConversion(1);
        await site.MoveAsync(TimeSpan.FromMinutes(2));
        Client(site, "anna").TrackConversion(2);
        using var taken = new EventBuffer();

        queue.Dequeue(taken, _clock.GetTimestamp(-TimeSpan.FromMinutes(1))).ShouldBe(1);

        taken.Count.ShouldBe(1);
        isReady.SetResult();
        await flush;
    }

    [Fact]
    public async Task What_is_on_its_way_counts_as_waiting()
    {
        await using var site = await StartAsync();
        (await Client(site, "anna").FlushAsync()).ShouldBeTrue();
        var isReady = new TaskCompletionSource();
        _outbox.Ready = isReady.Task;
        Client(site, "anna").TrackConversion(1);
        var flush = Client(site, "anna").FlushAsync();
        await Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<TrackingQueue>().OldestArrival is null);

        await site.MoveAsync(TimeSpan.FromMinutes(5));

        site.App.Services.GetRequiredService<TrackingRound>().OldestAge.ShouldBe(TimeSpan.FromMinutes(5));
        isReady.SetResult();
        await flush;
    }

    [Fact]
    public async Task An_outbox_that_fails_holds_no_events_back()
    {
        _outbox.Failure = new InvalidOperationException("The disk is full.");
        await using var site = await StartAsync();

        Client(site, "anna").TrackConversion(1);
        (await Client(site, "anna").FlushAsync()).ShouldBeTrue();
        Client(site, "anna").TrackConversion(2);
        (await Client(site, "anna").FlushAsync()).ShouldBeTrue();
        _outbox.Failure = null;
        Client(site, "anna").TrackConversion(3);
        (await Client(site, "anna").FlushAsync()).ShouldBeTrue();

        await Eventually.IsTrueAsync(() => site.Platform.Events.Count == 3);
        site.Platform.Events.Select(sent => sent["goalId"]).ShouldBe(["1", "2", "3"]);
        site.Log.Texts(308).ShouldHaveSingleItem().ShouldContain("The disk is full.");
        site.Log.Texts(309).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_outbox_that_throws_before_it_gives_a_task_holds_no_events_back()
    {
        _outbox.ThrowsAtOnce = true;
        _outbox.Failure = new InvalidOperationException("The pool is disposed.");
        await using var site = await StartAsync();

        Client(site, "anna").TrackConversion(1);

        (await Client(site, "anna").FlushAsync().WaitAsync(HangGuard.Timeout)).ShouldBeTrue();
        site.Platform.Events.ShouldHaveSingleItem()["goalId"].ShouldBe("1");
        site.Log.Texts(308).ShouldHaveSingleItem().ShouldContain("The pool is disposed.");
        site.App.Lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task What_came_after_an_outage_does_not_overtake_what_waited_through_it()
    {
        await using var site = await StartAsync();
        Client(site, "anna").TrackConversion(1);
        (await Client(site, "anna").FlushAsync()).ShouldBeTrue();
        await Eventually.IsTrueAsync(() => _outbox.Count == 0);
        site.Platform.AnswerTrackingWith(HttpStatusCode.ServiceUnavailable);
        Client(site, "anna").TrackConversion(2);
        (await Client(site, "anna").FlushAsync()).ShouldBeTrue();
        await Eventually.IsTrueAsync(() => site.Log.Texts(306).Any());

        Client(site, "anna").TrackConversion(3);
        (await Client(site, "anna").FlushAsync()).ShouldBeTrue();
        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(TimeSpan.FromSeconds(5)); // The pause may begin after its log entry.
            return _outbox.Count == 0;
        });

        site.Platform.Events.Select(sent => sent["goalId"]).ShouldBe(["1", "2", "2", "3"]);
        site.Metrics.Sum("kameleoon.events.retried").ShouldBe(1);
    }

    [Fact]
    public async Task A_long_backlog_keeps_what_comes_meanwhile_neither_waiting_nor_out_of_its_turn()
    {
        for (var i = 0; i < 10; i++)
        {
            await _outbox.StoreAsync(
                new TrackingBatch(Guid.CreateVersion7(_clock.GetUtcNow().AddMinutes(i - 60)), "abcde12345", "eventType=activity&nonce=1&visitorCode=carl"u8.ToArray(), 1, _clock.GetUtcNow()),
                TimeSpan.Zero,
                default);
        }

        using var goesOn = new ManualResetEventSlim();
        using var slow = new StubPlatform { Tracked = goesOn.Wait };
        await using var site = await StartAsync(slow);

        Client(site, "anna").TrackConversion(1);
        (await Client(site, "anna").FlushAsync().WaitAsync(HangGuard.Timeout)).ShouldBeTrue();

        site.App.Services.GetRequiredService<TrackingQueue>().Count.ShouldBe(0);
        goesOn.Set();
        await Eventually.IsTrueAsync(() => _outbox.Count == 0);
        var lines = slow.TrackingRequests.SelectMany(static sent => sent.Body.Split('\n')).ToList();
        lines.FindIndex(static line => line.Contains("goalId=1&", StringComparison.Ordinal)).ShouldBe(10);
        slow.TrackingRequests.Count().ShouldBeLessThan(10);
        site.Metrics.Sum("kameleoon.events.retried").ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_that_the_platform_rejects_takes_no_other_with_it()
    {
        for (var visitor = 1; visitor <= 3; visitor++)
        {
            var line = $"eventType=activity&nonce={visitor}&visitorCode=visitor{visitor}";
            await _outbox.StoreAsync(
                new TrackingBatch(
                    Guid.CreateVersion7(_clock.GetUtcNow().AddMinutes(visitor - 60)), "abcde12345", System.Text.Encoding.ASCII.GetBytes(line), 1, _clock.GetUtcNow()),
                TimeSpan.Zero,
                default);
        }

        using var strict = new StubPlatform();
        strict.Judge = static body => body.Contains("visitor2", StringComparison.Ordinal) ? HttpStatusCode.BadRequest : null;
        await using var site = await StartAsync(strict);

        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(TimeSpan.FromSeconds(10));
            await Task.Delay(10);
            return _outbox.Count == 0;
        });

        strict.TrackingRequests.Count(static sent => sent.Body.EndsWith("visitor2", StringComparison.Ordinal)).ShouldBe(10);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "answer 400").ShouldBe(1);
        site.Metrics.Sum("kameleoon.events.sent").ShouldBe(2);
    }

    [Fact]
    public async Task The_outbox_is_looked_at_while_the_platform_is_away()
    {
        await using var site = await StartAsync();
        site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.ServiceUnavailable, 1000)]);
        Client(site, "anna").TrackConversion(1);
        (await Client(site, "anna").FlushAsync()).ShouldBeTrue();

        await site.MoveAsync(TimeSpan.FromSeconds(10));
        await Client(site, "anna").FlushAsync();
        await site.MoveAsync(TimeSpan.FromMinutes(5));

        var round = site.App.Services.GetRequiredService<TrackingRound>();
        await Eventually.IsTrueAsync(() => round.OldestAge >= TimeSpan.FromMinutes(5));
        site.Metrics.Observe("kameleoon.events.outbox.size").ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task Events_are_stored_while_the_platform_does_not_answer()
    {
        using var answers = new ManualResetEventSlim();
        using var slow = new StubPlatform { Tracked = answers.Wait };
        await using var site = await StartAsync(slow);

        for (var goal = 1; goal <= 3; goal++)
        {
            Client(site, "anna").TrackConversion(goal);
            (await Client(site, "anna").FlushAsync().WaitAsync(HangGuard.Timeout)).ShouldBeTrue();
        }

        _outbox.Count.ShouldBe(3);
        site.App.Services.GetRequiredService<TrackingQueue>().Count.ShouldBe(0);
        answers.Set();
        await Eventually.IsTrueAsync(() => _outbox.Count == 0);
        slow.Events.Select(sent => sent["goalId"]).ShouldBe(["1", "2", "3"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Events_of_services_that_stop_later_or_at_the_same_time_are_sent(bool concurrently)
    {
        await using var site = await TestSite.StartAsync(services: services => services
            .Configure<HostOptions>(host => host.ServicesStopConcurrently = concurrently)
            .Insert(0, ServiceDescriptor.Singleton<IHostedService, LastWords>()));

        await site.App.StopAsync();

        site.Platform.Events.ShouldHaveSingleItem()["goalId"].ShouldBe("77");
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "stop").ShouldBe(0);
    }

    [Fact]
    public async Task Stopping_beside_a_dead_platform_stores_what_is_left()
    {
        await using var site = await StartAsync(options: o => o.StopTimeout = TimeSpan.Zero);
        site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.ServiceUnavailable, 9)]);
        Client(site, "anna").TrackConversion(55);

        await site.App.StopAsync();

        _outbox.Count.ShouldBe(1);
        site.Log.Texts(301).ShouldBeEmpty();
        _clock.Advance(TimeSpan.FromMinutes(10));
        (await _outbox.ClaimAsync("abcde12345", TimeSpan.Zero, default)).ShouldNotBeNull().EventCount.ShouldBe(1);
    }

    private Task<TestSite> StartAsync(StubPlatform? platform = null, Action<KameleoonOptions>? options = null) =>
        TestSite.StartAsync(
            settings =>
            {
                settings.Resilience.Tracking.Retries = 0;
                settings.Resilience.Tracking.AttemptTimeout = TimeSpan.FromMinutes(1);
                options?.Invoke(settings);
            },
            platform: platform,
            clock: _clock,
            services: services => services.AddSingleton<ITrackingOutbox>(_outbox));

    private static IKameleoonClient Client(TestSite site, string visitor) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor);

    /// <summary>A service that stops after all others, and reports an event then.</summary>
    private sealed class LastWords(IKameleoonClientFactory clients) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            clients.ForVisitor("anna").TrackConversion(77);
        }
    }
}
