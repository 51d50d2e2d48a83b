namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Everything the sandbox has received, in memory and bounded.</summary>
internal sealed class Recorder(TimeProvider clock, RecorderLimits limits)
{
    private readonly Lock _gate = new();
    private readonly ChangeSignal _changed = new();
    private readonly NonceMemory _nonces = new(limits.Nonces);
    private readonly VisitorMemory _visitors = new(limits.Visitors);
    private readonly Queue<RecordedEvent> _events = [];
    private readonly Dictionary<(long Experiment, long Variation), ExposureCount> _exposures = [];
    private readonly Dictionary<long, GoalCount> _goals = [];
    private long _received;
    private long _violations;

    /// <summary>Completes at the next change. Take it before reading.</summary>
    internal Task Changed => _changed.Next;

    internal IReadOnlyList<RecordedEvent> Record(EventBatch batch, ExperimentCatalog catalog)
    {
        var recorded = new List<RecordedEvent>(batch.Lines.Count);
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            foreach (var line in batch.Lines)
            {
                var entry = Record(line, batch.Sender, catalog, now);
                recorded.Add(entry);
                _events.Enqueue(entry);
                if (_events.Count > limits.Events)
                {
                    _events.Dequeue();
                }
            }
        }

        _changed.Raise();
        return recorded;
    }

    /// <summary>Reads everything at one instant.</summary>
    internal T Read<T>(Func<RecorderView, T> read)
    {
        lock (_gate)
        {
            return read(new RecorderView(_visitors, _events, _exposures.Values, _goals.Values, _violations));
        }
    }

    internal void Reset()
    {
        lock (_gate)
        {
            _nonces.Clear();
            _visitors.Clear();
            _events.Clear();
            _exposures.Clear();
            _goals.Clear();
            _received = 0;
            _violations = 0;
        }

        _changed.Raise();
    }

    private RecordedEvent Record(EventLine line, Sender sender, ExperimentCatalog catalog, DateTimeOffset now)
    {
        var problem = line.Counts ? Count(line, sender, catalog, now) : null;
        IReadOnlyList<string> violations = problem is null ? line.Violations : [problem, .. line.Violations];
        _violations += violations.Count > 0 ? 1 : 0;

        var counted = line.Counts && problem is null;
        var experiment = line is { Counts: true, Type: "experiment" } ? catalog.Find(line.Number("id")) : null;
        return new RecordedEvent(
            ++_received,
            now,
            sender,
            line.Type,
            line.VisitorCode,
            experiment?.FlagKey,
            experiment?.Find(line.Number("variationId"))?.Key,
            line.Fields,
            violations,
            counted);
    }

    private string? Count(EventLine line, Sender sender, ExperimentCatalog catalog, DateTimeOffset now)
    {
        if (!_nonces.TryAdd(line.Nonce!))
        {
            return "The nonce was received before, so the event is not counted again.";
        }

        var visitor = _visitors.See(line.VisitorCode!, now);
        switch (line.Type)
        {
            case "page":
                visitor.PageViews++;
                return null;
            case "experiment":
                return CountExposure(line, sender, catalog, visitor);
            case "conversion":
                return CountConversion(line);
            default:
                return null;
        }
    }

    private string? CountExposure(EventLine line, Sender sender, ExperimentCatalog catalog, RecordedVisitor visitor)
    {
        var key = (line.Number("id"), line.Number("variationId"));
        if (!_exposures.TryGetValue(key, out var exposures))
        {
            if (_exposures.Count >= limits.Counters)
            {
                return $"The sandbox counts {limits.Counters} variations, and this is one more.";
            }

            var experiment = catalog.Find(key.Item1);
            exposures = new ExposureCount(key.Item1, key.Item2, experiment?.FlagKey, experiment?.Find(key.Item2)?.Key);
            _exposures.Add(key, exposures);
        }

        exposures.Add(visitor, sender);
        return null;
    }

    private string? CountConversion(EventLine line)
    {
        var goal = line.Number("goalId");
        if (!_goals.TryGetValue(goal, out var conversions))
        {
            if (_goals.Count >= limits.Counters)
            {
                return $"The sandbox counts {limits.Counters} goals, and this is one more.";
            }

            conversions = new GoalCount(goal, 0, 0, 0);
        }

        _goals[goal] = conversions.Plus(line);
        return null;
    }
}

/// <summary>What a reader sees of the recorder while it stands still; not to be kept.</summary>
internal readonly record struct RecorderView(
    VisitorMemory Visitors,
    IReadOnlyCollection<RecordedEvent> Events,
    IReadOnlyCollection<ExposureCount> Exposures,
    IReadOnlyCollection<GoalCount> Goals,
    long Violations);
