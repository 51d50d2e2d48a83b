using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Times the pause after a failed request to the data API. Each failure lengthens it.</summary>
internal sealed class TrackingPause(IOptions<KameleoonOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private readonly Backoff _backoff =
        new(options.Value.Resilience.Tracking.RetryDelay, Longest, jitter: 0.5, Random.Shared);

    private DateTimeOffset _until = DateTimeOffset.MinValue;

    internal bool IsOver => clock.GetUtcNow() >= _until;

    /// <summary>The time until the pause is over, or zero.</summary>
    internal TimeSpan Left => _until - clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Starts a pause after a failure.</summary>
    /// <param name="retryAfter">The platform's <c>Retry-After</c>, which is added up to 1 hour.</param>
    internal void Start(TimeSpan? retryAfter)
    {
        var asked = retryAfter is { } pause && pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
        _until = clock.GetUtcNow() + _backoff.Next() + (asked < LongestRetryAfter ? asked : LongestRetryAfter);
    }

    /// <summary>Ends the pause, after a success or because the application stops.</summary>
    internal void End()
    {
        _backoff.Reset();
        _until = DateTimeOffset.MinValue;
    }
}
