namespace Kameleoon.Hybrid;

/// <summary>The custom data that links a visitor code to a person on the platform. It is sent again for each code after
/// 30 minutes, because the platform keeps the link for one visit.</summary>
/// <param name="data">The custom data.</param>
internal sealed class MappingLine(CustomData data)
{
    // A visit on the platform ends after this time without events.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private SmallMap<CodeKey, long> _sent;
    private SmallMap<CodeKey, EventOrigin> _due;

    internal CustomData Data => data;

    /// <summary>Whether it was added for a code and not sent for it yet.</summary>
    internal bool IsDue
    {
        get
        {
            lock (_gate)
            {
                return !_due.IsEmpty;
            }
        }
    }

    /// <summary>Has it sent for a code at the end of the session at the latest, unless it was sent lately.</summary>
    internal void Await(in EventOrigin origin, TimeProvider clock)
    {
        lock (_gate)
        {
            _due = IsSent(origin.VisitorCode, clock) ? _due : _due.With(new(origin.VisitorCode), origin);
        }
    }

    /// <summary>Whether it has to be sent for one of the person's codes. If so, it counts as sent.</summary>
    internal bool TryTake(string code, TimeProvider clock)
    {
        lock (_gate)
        {
            if (IsSent(code, clock))
            {
                return false;
            }

            (_sent, _due) = (_sent.With(new(code), clock.GetTimestamp()), _due.Without(new(code)));
            return true;
        }
    }

    /// <summary>Returns the events of all codes for which it is due. It counts as sent for them.</summary>
    internal TrackingEvent[] TakeDue(TimeProvider clock)
    {
        lock (_gate)
        {
            var taken = new TrackingEvent[_due.Entries.Length];
            for (var place = 0; place < taken.Length; place++)
            {
                var (code, origin) = _due.Entries[place];
                taken[place] = new TrackingEvent(origin, TrackingEventKind.CustomData, Data: data);
                _sent = _sent.With(code, clock.GetTimestamp());
            }

            _due = default;
            return taken;
        }
    }

    /// <summary>Has it not sent for a code, or for any code, until it is added again.</summary>
    /// <returns>For how many codes it was due.</returns>
    internal int Withdraw(string? code = null)
    {
        lock (_gate)
        {
            var before = _due.Entries.Length;
            _due = code is null ? default : _due.Without(new(code));
            return before - _due.Entries.Length;
        }
    }

    /// <summary>Marks it as not sent for a code, because the event was dropped.</summary>
    internal void Return(string code)
    {
        lock (_gate)
        {
            _sent = _sent.Without(new(code));
        }
    }

    /// <summary>Whether the link has these values.</summary>
    internal bool Says(CustomData other) =>
        data.Index == other.Index && data.Values.SequenceEqual(other.Values, StringComparer.Ordinal);

    private bool IsSent(string code, TimeProvider clock) =>
        _sent.Find(new(code)) is var last and not 0 && clock.GetElapsedTime(last) < Interval;

    private readonly record struct CodeKey(string Code);
}
