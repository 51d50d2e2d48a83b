namespace Kameleoon.Hybrid;

/// <summary>When to read the data file next, so that many servers together ask evenly.</summary>
internal sealed class RefreshSchedule(TimeSpan interval, TimeSpan retryDelay, Random random)
{
    // Servers that were started together drift apart; the interval stays the longest time between two polls.
    private const double IntervalJitter = 0.1;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    // Without a data file there is hurry. With one there is none, and a thousand servers must not become a storm.
    private readonly Backoff _hurried =
        new(retryDelay < interval ? retryDelay : interval, interval, jitter: 0.5, random);

    private readonly Backoff _calm = new(interval / 4, interval, jitter: 0.5, random);

    /// <summary>Whether the last refresh failed.</summary>
    internal bool IsFailing { get; private set; }

    internal TimeSpan AfterSuccess()
    {
        IsFailing = false;
        _hurried.Reset();
        _calm.Reset();
        return Backoff.Shorten(interval, IntervalJitter, random);
    }

    /// <param name="isUrgent">Whether there is no data file yet, or only one from before the start.</param>
    /// <param name="retryAfter">What the platform asked for, which is obeyed up to an hour.</param>
    internal TimeSpan AfterFailure(bool isUrgent, TimeSpan? retryAfter = null)
    {
        IsFailing = true;
        var asked = retryAfter is { } pause && pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
        return (isUrgent ? _hurried : _calm).Next() + (asked < LongestRetryAfter ? asked : LongestRetryAfter);
    }
}
