namespace Kameleoon.Hybrid;

/// <summary>The time of sessions, assignments and cookies, exact to some milliseconds with the system's clock.</summary>
/// <remarks>Each decision asks for it. Reading the system's exact time twice would be half of what a remembered decision
/// costs.</remarks>
internal sealed class SessionClock(TimeProvider clock)
{
    private readonly bool _isSystem = ReferenceEquals(clock, TimeProvider.System);
    private long _tick = long.MinValue;
    private long _utcTicks;

    /// <summary>A time that only grows, to compare with others.</summary>
    internal long Timestamp => _isSystem ? Environment.TickCount64 : clock.GetTimestamp();

    internal DateTimeOffset UtcNow
    {
        get
        {
            if (!_isSystem)
            {
                return clock.GetUtcNow();
            }

            // The exact time is read once for each step of the counter.
            var tick = Environment.TickCount64;
            if (Volatile.Read(ref _tick) != tick)
            {
                Volatile.Write(ref _utcTicks, clock.GetUtcNow().UtcTicks);
                Volatile.Write(ref _tick, tick);
            }

            return new(Volatile.Read(ref _utcTicks), TimeSpan.Zero);
        }
    }

    /// <summary>Returns <see cref="UtcNow"/> without another look at the clock, for a <see cref="Timestamp"/> that was just read.</summary>
    internal DateTimeOffset At(long timestamp) => _isSystem && Volatile.Read(ref _tick) == timestamp
        ? new(Volatile.Read(ref _utcTicks), TimeSpan.Zero)
        : UtcNow;

    /// <summary>Returns the steps of <see cref="Timestamp"/> in a second.</summary>
    internal static long FrequencyOf(TimeProvider clock) =>
        ReferenceEquals(clock, TimeProvider.System) ? 1000 : clock.TimestampFrequency;
}
