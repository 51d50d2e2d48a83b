using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Records and counts all received events in memory, up to limits.</summary>
internal sealed class Recorder(TimeProvider clock, RecorderLimits limits)
{
    private readonly Lock _gate = new();
    private readonly ChangeSignal _changed = new();
    private readonly RecentNonces _nonces = new(limits.Nonces);
    private readonly RecentVisitors _visitors = new(limits.Visitors);
    private readonly VisitorLinks _links = new();
    private readonly IdentityMonitor _identity = new();
    private readonly Queue<RecordedEvent> _events = [];
    private readonly EventCounters _counters = new(limits);
    private readonly TimeSeries _engineEvents = new();
    private readonly TimeSeries _serverEvents = new();
    private long _received;
    private long _violations;

    /// <summary>Completes at the next change. Take it before reading.</summary>
    internal Task Changed => _changed.Next;

    /// <param name="batch">What was posted.</param>
    /// <param name="catalog">The names of the ids in the events.</param>
    /// <param name="time">When it arrived, if that was earlier.</param>
    internal IReadOnlyList<RecordedEvent> Record(EventBatch batch, ExperimentCatalog catalog, DateTimeOffset? time = null)
    {
        var recorded = new List<RecordedEvent>(batch.Lines.Count);
        lock (_gate)
        {
            var now = time ?? clock.GetUtcNow();
            string? watched = null;
            foreach (var line in batch.Lines)
            {
                var entry = Record(line, batch, catalog, now, ref watched);
                recorded.Add(entry);
                _events.Enqueue(entry);
                if (_events.Count > limits.Events)
                {
                    var gone = _events.Dequeue();
                    _visitors.Find(gone.VisitorCode)?.Forget(gone);
                }
            }

            (batch.Sender == EventSender.Engine ? _engineEvents : _serverEvents).Add(now, recorded.Count);
        }

        _changed.Raise();
        return recorded;
    }

    /// <summary>Reads everything at one instant.</summary>
    internal T Read<T>(Func<RecorderView, T> read)
    {
        lock (_gate)
        {
            return read(new RecorderView(
                _visitors,
                _links,
                _events,
                _counters,
                _identity.Warnings,
                _engineEvents,
                _serverEvents,
                _violations));
        }
    }

    internal void Reset()
    {
        lock (_gate)
        {
            _nonces.Clear();
            _visitors.Clear();
            _links.Clear();
            _identity.Clear();
            _events.Clear();
            _counters.Clear();
            _engineEvents.Clear();
            _serverEvents.Clear();
            _received = 0;
            _violations = 0;
        }

        _changed.Raise();
    }

    /// <summary>Notes with which cookie a browser loaded the engine.</summary>
    internal void RecordEngineLoad(BrowserIdentity browser)
    {
        lock (_gate)
        {
            _identity.RecordEngineLoad(browser, clock.GetUtcNow());
        }
    }

    /// <summary>Notifies readers of a change other than an event.</summary>
    internal void NotifyChanged() => _changed.Raise();

    /// <summary>Forgets visitors, as the platform does on request; what was counted stays counted.</summary>
    /// <returns>Their codes, and the mapping identifiers that stood for no other visitor.</returns>
    internal IReadOnlySet<string> Forget(IReadOnlySet<string> codes)
    {
        lock (_gate)
        {
            var all = codes.Union(_links.Forget(codes), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
            foreach (var code in all)
            {
                _counters.Products.Forget(code);
                _visitors.Remove(code);
            }

            return all;
        }
    }

    private RecordedEvent Record(
        EventLine line, EventBatch batch, ExperimentCatalog catalog, DateTimeOffset now, ref string? watched)
    {
        RecordedVisitor? visitor = null;
        string? problem = null;
        var visit = 0;
        if (line.Counts && !_nonces.TryAdd(line.Nonce!))
        {
            problem = "The nonce was received before, so the event is not counted again.";
        }
        else if (line.Counts)
        {
            visitor = See(line, batch, now, ref watched);
            visit = visitor.ContinueVisit(now);
            problem = Count(line, visitor, batch, catalog, now);
        }

        IReadOnlyList<string> violations = problem is null ? line.Violations : [problem, .. line.Violations];
        _violations += violations.Count > 0 ? 1 : 0;
        var experiment = line is { Counts: true, Type: "experiment" } ? catalog.Find(line.Number("id")) : null;
        var entry = new RecordedEvent(
            ++_received,
            now,
            batch.Sender,
            line.Type,
            visitor?.Code ?? line.VisitorCode,
            experiment?.FlagKey,
            experiment?.Find(line.Number("variationId"))?.Key,
            line.Fields,
            violations,
            line.Counts && problem is null,
            visit,
            batch.Sdk);
        visitor?.Remember(entry);
        return entry;
    }

    private RecordedVisitor See(EventLine line, EventBatch batch, DateTimeOffset now, ref string? watched)
    {
        var visitor = _visitors.GetOrAdd(PersonOf(line), now);
        if (batch.Sender == EventSender.Server)
        {
            var agent = line.Fields.GetValueOrDefault("userAgent");
            visitor.UserAgent = agent ?? visitor.UserAgent;
            _identity.RecordServerRequest(visitor, agent, now);
            visitor.SeenBy |= EventSenders.Server;
        }
        else if (!string.Equals(watched, visitor.Code, StringComparison.Ordinal))
        {
            watched = visitor.Code;
            visitor.UserAgent = batch.Facts.UserAgent ?? visitor.UserAgent;
            _identity.CheckEngineRequest(batch.Facts, visitor, now);
            visitor.SeenBy |= EventSenders.Engine;
        }

        return visitor;
    }

    // An event with a mapping identifier counts for the linked visitor code that is known.
    private string PersonOf(EventLine line) => line.IsMapped
        ? _links.CodesOf(line.VisitorCode!).FirstOrDefault(code => _visitors.Find(code) is not null) ?? line.VisitorCode!
        : line.VisitorCode!;

    private string? Count(
        EventLine line, RecordedVisitor visitor, EventBatch batch, ExperimentCatalog catalog, DateTimeOffset now)
    {
        switch (line.Type)
        {
            case "page":
                visitor.PageViews++;
                if (batch.Sender == EventSender.Engine)
                {
                    _identity.CheckPage(batch.Facts, visitor, now);
                }

                return null;
            case "experiment":
                return CountExposure(line, batch, catalog, visitor, now);
            case "personalization":
                _counters.Personalizations.Add(line, visitor.Code);
                return null;
            case "product":
                _counters.Products.Add(line, visitor.Code, now);
                return null;
            case "conversion":
                return CountConversion(line, visitor, now);
            case "customData" when line.Fields.GetValueOrDefault("mappingIdentifier") is "true":
                return Link(line, visitor);
            default:
                return null;
        }
    }

    private string? CountExposure(
        EventLine line, EventBatch batch, ExperimentCatalog catalog, RecordedVisitor visitor, DateTimeOffset now)
    {
        var experiment = catalog.Find(line.Number("id"));
        if (_counters.FindOrAddExposure(line, experiment) is not { } count)
        {
            return $"The sandbox counts at most {limits.Counters} variations, so this one is not counted.";
        }

        var forced = experiment?.IsForced(count.VariationId, visitor.Code) == true;
        var before = count.Add(visitor, Reporters.Of(batch), forced, now);
        _identity.CheckExposure(visitor, count, before, batch, now);
        return null;
    }

    private string? CountConversion(EventLine line, RecordedVisitor visitor, DateTimeOffset now)
    {
        if (!_counters.TryCountConversion(line))
        {
            return $"The sandbox counts at most {limits.Counters} goals, so this one is not counted.";
        }

        visitor.AddConversion(line.Number("goalId"), line, now);
        return null;
    }

    private string? Link(EventLine line, RecordedVisitor visitor)
    {
        using var values = JsonDocument.Parse(HalfPairs.Replace(line.Fields["valuesCountMap"]));
        foreach (var value in values.RootElement.EnumerateObject())
        {
            if (!value.Name.Is(visitor.Code) && !line.IsMapped)
            {
                _links.Link(value.Name, visitor.Code);
            }
        }

        return null;
    }
}
