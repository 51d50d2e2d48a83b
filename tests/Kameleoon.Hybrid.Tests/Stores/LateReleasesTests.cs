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

        late.Add(new("anna", "first"));
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(100));
        await Eventually.IsTrueAsync(() => tried.Contains("first", StringComparer.Ordinal));
        late.Add(new("anna", "last"));
        await Eventually.IsTrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(500));
            return tried.Contains("last", StringComparer.Ordinal);
        });

        tried.Last().ShouldBe("last");
    }
}
