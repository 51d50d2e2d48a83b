namespace Kameleoon.Hybrid.Tests;

/// <summary>A steady load through a data API in trouble: each event arrives under one nonce, or is counted.</summary>
/// <remarks>The benchmarks run the same for minutes.</remarks>
public sealed class TrackingFaultRunTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(TrackingTrouble.Down)]
    [InlineData(TrackingTrouble.Slow)]
    [InlineData(TrackingTrouble.TooManyRequests)]
    [InlineData(TrackingTrouble.ServerError)]
    [InlineData(TrackingTrouble.Resets)]
    public async Task Below_the_bound_nothing_is_lost(TrackingTrouble trouble)
    {
        var result = await TrackingFaultRun.RunAsync(trouble, Duration, perSecond: 2000, Configure);

        result.Produced.ShouldBe(4000);
        result.Dropped.ShouldBeEmpty();
        result.Queued.ShouldBe(0);
        result.Arrived.ShouldBe(result.Produced);
    }

    [Fact]
    public async Task What_was_taken_and_not_answered_comes_again_under_its_nonce()
    {
        var result = await TrackingFaultRun.RunAsync(TrackingTrouble.TakenAndNotAnswered, Duration, perSecond: 2000, Configure);

        result.Again.ShouldBePositive();
        result.Arrived.ShouldBe(4000);
        result.Dropped.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(TrackingTrouble.Down)]
    [InlineData(TrackingTrouble.ServerError)]
    public async Task Beyond_the_bound_what_is_lost_is_counted_exactly(TrackingTrouble trouble)
    {
        var result = await TrackingFaultRun.RunAsync(trouble, Duration, perSecond: 2000, options =>
        {
            Configure(options);
            options.Tracking.MaxQueuedEvents = 1000;
        });

        result.Dropped.Keys.ShouldBe(["overflow"]);
        result.Dropped["overflow"].ShouldBePositive();
        result.Peak.ShouldBe(1000);
        result.Queued.ShouldBe(0);
        result.Missing.ShouldBe(0);
    }

    private static void Configure(KameleoonOptions options)
    {
        options.Resilience.Tracking.Retries = 1;
        options.Resilience.Tracking.RetryDelay = TimeSpan.FromMilliseconds(10);
        options.Resilience.Tracking.MaxRetryAfter = TimeSpan.Zero;
        options.Resilience.Tracking.BreakDuration = TimeSpan.FromMilliseconds(500);
    }
}
