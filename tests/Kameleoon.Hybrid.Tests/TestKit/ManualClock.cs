using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A clock that moves only when told, and that knows what the tested code waits for. Its timestamps are no ticks.
/// </summary>
/// <remarks>Where an application runs, a test moves it with <see cref="TestSite.MoveAsync"/>: a post that is under way on a busy machine
/// would otherwise end by its deadline, and be sent again.</remarks>
internal sealed class ManualClock() : FakeTimeProvider(new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero))
{
    private readonly ConcurrentDictionary<WatchedTimer, DateTimeOffset> _due = new();
    private readonly Lock _setting = new();
    private readonly Channel<bool> _timerChanged = Channel.CreateUnbounded<bool>();
    private List<Action>? _fired;

    /// <summary>How far the wall clock was set. Timers and timestamps do not follow it.</summary>
    internal TimeSpan Step { get; set; }

    private DateTimeOffset Moved => base.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => Moved + Step;

    public override long TimestampFrequency => 7 * base.TimestampFrequency;

    public override long GetTimestamp() => 7 * Moved.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this, state);
        timer.Start(
            base.CreateTimer(
                fired =>
                {
                    timer.Fired();
                    Run(() => callback(fired));
                },
                state,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan),
            dueTime,
            period);
        return timer;
    }

    /// <summary>Moves on once no work is under way whose deadline would pass.</summary>
    internal Task MoveAsync(TimeSpan span) => Eventually.IsTrueAsync(
        () => TryMove(span), () => $"After {HangGuard.Timeout:c} work is still under way whose deadline is within {span:c}.");

    /// <summary>Moves on at once, where nothing is under way.</summary>
    /// <exception cref="InvalidOperationException">The deadline of work that is under way would pass.</exception>
    internal new void Advance(TimeSpan span)
    {
        if (!TryMove(span))
        {
            throw new InvalidOperationException(
                $"Work is under way whose deadline is within {span:c}. Wait for it with MoveAsync, or end it with MovePastDeadlineAsync.");
        }
    }

    /// <summary>Waits until work is under way whose deadline is within <paramref name="span"/>, and ends it by moving on.</summary>
    internal async Task MovePastDeadlineAsync(TimeSpan span)
    {
        await Eventually.IsTrueAsync(() => HasDeadlineWithin(span));
        base.Advance(span);
    }

    /// <summary>Waits until a timer is due within <paramref name="span"/>, then moves on, past deadlines as well.</summary>
    internal async Task AdvanceWhenAwaitedAsync(TimeSpan span)
    {
        while (!HasTimerDueWithin(span))
        {
            await _timerChanged.Reader.ReadAsync().AsTask().WaitAsync(HangGuard.Timeout);
        }

        base.Advance(span);
    }

    internal bool HasTimerDueWithin(TimeSpan span) => HasTimer(span, static _ => true);

    /// <summary>Whether a timer is set that calls a <typeparamref name="T"/>.</summary>
    internal bool IsAwaitedBy<T>() => HasTimer(TimeSpan.MaxValue, static state => state is T);

    // A deadline is a timer that cancels.
    private bool HasDeadlineWithin(TimeSpan span) => HasTimer(span, static state => state is CancellationTokenSource);

    private bool HasTimer(TimeSpan within, Func<object?, bool> isOfState)
    {
        // A timer that is seen here is set, so that moving on fires it.
        lock (_setting)
        {
            return _due.Any(timer => timer.Value - Moved <= within && isOfState(timer.Key.State));
        }
    }

    /// <returns>Whether the clock was moved, which it is not beyond a deadline.</returns>
    private bool TryMove(TimeSpan span)
    {
        List<Action> fired = [];
        lock (_setting)
        {
            if (HasDeadlineWithin(span))
            {
                return false;
            }

            _fired = fired;
            base.Advance(span);
            _fired = null;
        }

        // Outside of the lock: a callback may wait for a thread that sets a timer.
        fired.ForEach(static callback => callback());
        return true;
    }

    private void Run(Action callback)
    {
        if (_setting.IsHeldByCurrentThread && _fired is { } fired)
        {
            fired.Add(callback);
        }
        else
        {
            callback();
        }
    }

    /// <summary>A timer of the base class, and when it is due.</summary>
    private sealed class WatchedTimer(ManualClock clock, object? state) : ITimer
    {
        private ITimer? _timer;
        private TimeSpan _period;

        internal object? State => state;

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

        // A step over many periods fires once and keeps the beat, as a real timer does when the process stood still.
        internal void Fired()
        {
            var late = clock._due.TryGetValue(this, out var due) ? clock.Moved - due : TimeSpan.Zero;
            var isOver = _period == Timeout.InfiniteTimeSpan;
            Change(isOver ? _period : _period - TimeSpan.FromTicks(late.Ticks % _period.Ticks), _period);
        }

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
