using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A clock that moves only when told, and that can wait until the tested code waits for it. Its timestamps are no
/// ticks.</summary>
internal sealed class ManualClock() : FakeTimeProvider(new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero))
{
    private readonly ConcurrentDictionary<WatchedTimer, DateTimeOffset> _due = new();
    private readonly Lock _setting = new();
    private readonly Channel<bool> _timerChanged = Channel.CreateUnbounded<bool>();

    /// <summary>How far the wall clock was set. Timers and timestamps do not follow it.</summary>
    internal TimeSpan Step { get; set; }

    private DateTimeOffset Moved => base.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => Moved + Step;

    public override long TimestampFrequency => 7 * base.TimestampFrequency;

    public override long GetTimestamp() => 7 * Moved.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this);
        timer.Start(
            base.CreateTimer(
                fired =>
                {
                    timer.Fired();
                    callback(fired);
                },
                state,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan),
            dueTime,
            period);
        return timer;
    }

    /// <summary>Waits until a timer is due within <paramref name="span"/>, then moves on.</summary>
    internal async Task AdvanceWhenAwaitedAsync(TimeSpan span)
    {
        while (!HasTimerDueWithin(span))
        {
            await _timerChanged.Reader.ReadAsync().AsTask().WaitAsync(HangGuard.Timeout);
        }

        Advance(span);
    }

    internal bool HasTimerDueWithin(TimeSpan span)
    {
        // A timer that is seen here is set, so that moving on fires it.
        lock (_setting)
        {
            return _due.Values.Any(due => due <= Moved + span);
        }
    }

    /// <summary>A timer of the base class, and when it is due.</summary>
    private sealed class WatchedTimer(ManualClock clock) : ITimer
    {
        private ITimer? _timer;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
            lock (clock._setting)
            {
                Await(dueTime);
                return _timer!.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            clock._due.TryRemove(this, out _);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        internal void Start(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            _timer = timer;
            Change(dueTime, period);
        }

        // A step over many periods fires once, as a real timer does when the process stood still.
        internal void Fired() => Change(_period, _period);

        private void Await(TimeSpan span)
        {
            if (span == Timeout.InfiniteTimeSpan)
            {
                clock._due.TryRemove(this, out _);
            }
            else
            {
                clock._due[this] = clock.Moved + span;
            }

            clock._timerChanged.Writer.TryWrite(true);
        }
    }
}
