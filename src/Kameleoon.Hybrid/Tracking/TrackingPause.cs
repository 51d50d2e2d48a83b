using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Leaves the data API alone for a while after it failed, longer each time.</summary>
internal sealed class TrackingPause(IOptions<KameleoonOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private readonly Backoff _backoff =
        new(options.Value.Resilience.Data.RetryDelay, Longest, jitter: 0.5, Random.Shared);

    private DateTimeOffset _until = DateTimeOffset.MinValue;

    internal bool IsOver => clock.GetUtcNow() >= _until;

    /// <summary>What is left of it.</summary>
    internal TimeSpan Left => _until - clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <param name="asked">How long the platform asks for, which is obeyed within reason.</param>
    internal void Start(TimeSpan? asked)
    {
        var wanted = asked is { } pause && pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
        _until = clock.GetUtcNow() + _backoff.Next() + (wanted < LongestAsked ? wanted : LongestAsked);
    }

    internal void End()
    {
        _backoff.Reset();
        _until = DateTimeOffset.MinValue;
    }
}
