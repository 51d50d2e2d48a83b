using System.Collections.Concurrent;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Idempotency keys whose release failed.</summary>
public sealed class LateReleasesTests
{
    [Fact]
    public async Task A_release_is_not_tried_longer_than_the_claim_lasts()
    {
        var clock = new ManualClock();
        var tried = new ConcurrentQueue<string>();
        using var late = new LateReleases(
            key =>
            {
                tried.Enqueue(key.Key);
                return Task.FromResult(key.Key == "last");
            },
            TimeSpan.FromSeconds(3),
            clock);

        late.Add(Claimed("first", clock.GetTimestamp()));
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(100));
        await Eventually.IsTrueAsync(() => tried.Contains("first", StringComparer.Ordinal));
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(4));
        late.Add(Claimed("last", clock.GetTimestamp()));

        // It may be tried at once, together with the first one.
        await Eventually.IsTrueAsync(() => tried.Count > 1 || clock.HasTimerDueWithin(TimeSpan.FromSeconds(1)));
        clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.IsTrueAsync(() => tried.Contains("last", StringComparer.Ordinal));

        tried.ShouldBe(["first", "last"]);
    }

    [Fact]
    public async Task A_claim_counts_from_before_it_was_made_and_not_from_its_release()
    {
        var clock = new ManualClock();
        var tried = new ConcurrentQueue<string>();
        var claimedAt = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromSeconds(4));
        using var late = new LateReleases(
            key =>
            {
                tried.Enqueue(key.Key);
                return Task.FromResult(true);
            },
            TimeSpan.FromSeconds(3),
            clock);

        late.Add(Claimed("expired", claimedAt));
        late.Add(Claimed("fresh", clock.GetTimestamp()));
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(200));
        await Eventually.IsTrueAsync(() => !tried.IsEmpty);

        tried.ShouldBe(["fresh"]);
    }

    private static ClaimedKey Claimed(string key, long since) => new(new IdempotencyKey("anna", key, Guid.NewGuid()), since);
}
