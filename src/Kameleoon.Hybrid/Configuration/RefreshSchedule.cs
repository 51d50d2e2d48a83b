namespace Kameleoon.Hybrid;

/// <summary>Computes the time until the next refresh, so that many servers spread their requests evenly.</summary>
internal sealed class RefreshSchedule(TimeSpan interval, TimeSpan retryDelay, Random random)
{
    // Servers that start together drift apart. The interval stays the longest time between two polls.
    private const double IntervalJitter = 0.1;

    /// <summary>The longest <c>Retry-After</c> that is obeyed.</summary>
    internal static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    // Without a data file, failed refreshes are retried after seconds; with one, after a quarter of the interval.
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
    /// <param name="retryAfter">The platform's <c>Retry-After</c>, which is added up to 1 hour.</param>
    internal TimeSpan AfterFailure(bool isUrgent, TimeSpan? retryAfter = null)
    {
        IsFailing = true;
        var asked = retryAfter is { } pause && pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
        return (isUrgent ? _hurried : _calm).Next() + (asked < LongestRetryAfter ? asked : LongestRetryAfter);
    }
}
