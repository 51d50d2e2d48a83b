namespace Kameleoon.Hybrid.Sandbox;

/// <summary>One visitor, with visits, events, exposures and conversions.</summary>
internal sealed class RecordedVisitor(string code, DateTimeOffset firstSeen)
{
    private const int MaxVisits = 26;
    private const int MaxEarlier = 100;

    // The platform's idle time, after which a new visit begins.
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    private readonly Dictionary<ExposureCount, EventSenders> _exposures = [];
    private readonly Dictionary<(ExposureCount, long Goal), long> _conversions = [];
    private readonly Queue<(long Goal, EventLine Line)> _earlier = [];
    private readonly Queue<RecordedEvent> _events = [];
    private readonly List<RecordedVisit> _visits = [];

    internal string Code { get; } = code;

    internal DateTimeOffset FirstSeen { get; } = firstSeen;

    internal DateTimeOffset LastSeen { get; set; } = firstSeen;

    internal int PageViews { get; set; }

    /// <summary>The kinds of clients that reported the visitor.</summary>
    internal EventSenders SeenBy { get; set; }

    /// <summary>The last browser the visitor used.</summary>
    internal string? UserAgent { get; set; }

    /// <summary>The events still remembered, oldest first.</summary>
    internal IReadOnlyCollection<RecordedEvent> Events => _events;

    /// <summary>The visits, oldest first.</summary>
    internal IReadOnlyList<RecordedVisit> Visits => _visits;

    internal IReadOnlyDictionary<ExposureCount, EventSenders> Exposures => _exposures;

    /// <summary>Adds the reporter of an exposure, and returns those that reported it before.</summary>
    internal EventSenders AddExposure(ExposureCount exposure, EventSenders sender, DateTimeOffset now)
    {
        var before = _exposures.GetValueOrDefault(exposure);
        _exposures[exposure] = before | sender;
        if (before == EventSenders.None)
        {
            // Requests can arrive out of order: the conversion from the browser before the exposure from the server.
            foreach (var (goal, line) in _earlier)
            {
                Credit(exposure, goal, line, now);
            }
        }

        return before;
    }

    /// <summary>Credits a conversion to every variation the visitor has seen, or is yet reported to have seen in this
    /// visit.</summary>
    internal void AddConversion(long goal, EventLine line, DateTimeOffset now)
    {
        foreach (var exposure in _exposures.Keys)
        {
            Credit(exposure, goal, line, now);
        }

        _earlier.Enqueue((goal, line));
        if (_earlier.Count > MaxEarlier)
        {
            _earlier.Dequeue();
        }
    }

    /// <summary>Continues the current visit, or begins a new one after half an hour, and returns its number.</summary>
    internal int ContinueVisit(DateTimeOffset now)
    {
        if (_visits is not [.., var last] || now - last.LastEvent > Idle)
        {
            _earlier.Clear();
            last = new RecordedVisit(_visits is [.., var before] ? before.Number + 1 : 1, now);
            _visits.Add(last);
            if (_visits.Count > MaxVisits)
            {
                _visits.RemoveAt(0);
            }
        }

        last.LastEvent = now;
        return last.Number;
    }

    internal void Remember(RecordedEvent entry) => _events.Enqueue(entry);

    /// <summary>Forgets the oldest event, if it is this one.</summary>
    internal void Forget(RecordedEvent entry)
    {
        if (_events.TryPeek(out var oldest) && ReferenceEquals(oldest, entry))
        {
            _events.Dequeue();
        }
    }

    private void Credit(ExposureCount exposure, long goal, EventLine line, DateTimeOffset now)
    {
        var before = _conversions.GetValueOrDefault((exposure, goal));
        var after = before + (line.Negative ? -1 : 1);
        _conversions[(exposure, goal)] = after;
        exposure.AddConversion(goal, line, before <= 0 && after > 0 ? 1 : before > 0 && after <= 0 ? -1 : 0, now);
    }
}

/// <summary>A visit: events less than half an hour apart.</summary>
internal sealed class RecordedVisit(int number, DateTimeOffset started)
{
    internal int Number { get; } = number;

    internal DateTimeOffset Started { get; } = started;

    internal DateTimeOffset LastEvent { get; set; } = started;
}
