using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Times the pause after a failed request to the data API. Each failure lengthens it.</summary>
/// <remarks>Its properties are safe to read from any thread. Only one thread may change it.</remarks>
internal sealed class TrackingPause(IOptions<KameleoonOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private readonly Backoff _backoff =
        new(options.Value.Resilience.Tracking.RetryDelay, Longest, jitter: 0.5, Random.Shared);

    private long _until = long.MinValue;

    internal bool IsOver => clock.GetTimestamp() >= Volatile.Read(ref _until);

    /// <summary>The time until the pause is over, or zero.</summary>
    internal TimeSpan Left => Volatile.Read(ref _until) is var until && clock.GetTimestamp() is var now && now < until
        ? clock.GetElapsedTime(now, until)
        : TimeSpan.Zero;

    /// <summary>Starts a pause after a failure.</summary>
    /// <param name="retryAfter">The platform's <c>Retry-After</c>, which is added up to 1 hour.</param>
    internal void Start(TimeSpan? retryAfter)
    {
        var asked = retryAfter is { } wanted && wanted > TimeSpan.Zero ? wanted : TimeSpan.Zero;
        var pause = _backoff.Next() + (asked < LongestRetryAfter ? asked : LongestRetryAfter);
        Volatile.Write(ref _until, clock.GetTimestamp(pause));
    }

    /// <summary>Ends the pause, after a success or because the application stops.</summary>
    internal void End()
    {
        _backoff.Reset();
        Volatile.Write(ref _until, long.MinValue);
    }
}
