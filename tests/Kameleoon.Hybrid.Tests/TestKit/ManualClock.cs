using System.Threading.Channels;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A clock that moves only when told, and whose ticks are no timestamps.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly Channel<bool> _timerChanged = Channel.CreateUnbounded<bool>();

    private DateTimeOffset _now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => 7 * TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks * 7;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        _timerChanged.Writer.TryWrite(true);
        return timer;
    }

    /// <summary>Waits until somebody waits on this clock for a time up to <paramref name="span"/>, then moves on.</summary>
    internal async Task AdvanceWhenAwaitedAsync(TimeSpan span)
    {
        while (!HasTimerDueWithin(span))
        {
            await _timerChanged.Reader.ReadAsync().AsTask().WaitAsync(HangGuard.Timeout);
        }

        Advance(span);
    }

    internal void Advance(TimeSpan span)
    {
        List<ManualTimer> due;
        lock (_gate)
        {
            _now += span;
            due = _timers.FindAll(timer => timer.Due <= _now);
        }

        due.ForEach(timer => timer.Fire(_now));
    }

    internal bool HasTimerDueWithin(TimeSpan span)
    {
        lock (_gate)
        {
            return _timers.Exists(timer => timer.Due <= _now + span);
        }
    }

    private void Remove(ManualTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        internal DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : clock.GetUtcNow() + dueTime;
            _period = period;
            clock._timerChanged.Writer.TryWrite(true);
            return true;
        }

        public void Dispose() => clock.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        internal void Fire(DateTimeOffset now)
        {
            Due = _period > TimeSpan.Zero && _period != Timeout.InfiniteTimeSpan ? now + _period : DateTimeOffset.MaxValue;
            callback(state);
        }
    }
}
