namespace Kameleoon.Hybrid;

/// <summary>When to read the data file next, so that many servers together ask evenly.</summary>
internal sealed class RefreshSchedule(TimeSpan interval, TimeSpan retryDelay, Random random)
{
    // Servers that were started together drift apart; the interval stays the longest time between two polls.
    private const double IntervalJitter = 0.1;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private readonly Backoff _backoff = new(retryDelay < interval ? retryDelay : interval, interval, jitter: 0.5, random);

    /// <summary>Whether the last refresh failed.</summary>
    internal bool IsFailing { get; private set; }

    internal TimeSpan AfterSuccess()
    {
        IsFailing = false;
        _backoff.Reset();
        return Backoff.Shorten(interval, IntervalJitter, random);
    }

    /// <param name="retryAfter">What the platform asked for, which is obeyed up to an hour.</param>
    internal TimeSpan AfterFailure(TimeSpan? retryAfter = null)
    {
        IsFailing = true;
        var asked = retryAfter is { } pause && pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
        return _backoff.Next() + (asked < LongestRetryAfter ? asked : LongestRetryAfter);
    }
}
