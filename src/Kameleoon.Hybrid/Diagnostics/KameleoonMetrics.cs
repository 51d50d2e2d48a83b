using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The meter <c>Kameleoon.Hybrid</c>. Nothing is computed while no listener is attached.</summary>
internal sealed class KameleoonMetrics
{
    internal const string MeterName = "Kameleoon.Hybrid";

    /// <summary>OpenTelemetry's name for a set of flags. A project is one.</summary>
    internal const string SetId = ProjectGauges.SetId;

    // OpenTelemetry's value for unknown names. Keys may come from requests, and each tag value needs memory.
    private const string UnknownFlag = "_OTHER";

    private static readonly string[] ReasonNames =
    [
        .. Enum.GetValues<DecisionReason>().Select(static reason => reason == DecisionReason.Rule
            ? "targeting_match"
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString())),
    ];

    private readonly Counter<long> _decisions;
    private readonly Counter<long> _refreshes;
    private readonly Counter<long> _copies;
    private readonly UpDownCounter<long> _streams;
    private readonly Counter<long> _streamsLost;
    private readonly Counter<long> _streamEvents;
    private readonly Counter<long> _failedAttempts;
    private readonly Counter<long> _openedCircuits;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _retried;
    private readonly Histogram<long> _batchSize;
    private readonly Histogram<double> _sendDuration;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _exposures;
    private readonly Counter<long> _doubles;
    private readonly Counter<long> _takenBack;
    private readonly Counter<long> _refusedCodes;
    private readonly Counter<long> _links;
    private readonly Counter<long> _sharedSessions;
    private readonly Counter<long> _listenerLosses;
    private readonly ProjectGauges _gauges = new();

    public KameleoonMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _decisions = meter.CreateCounter<long>("kameleoon.decisions", "{evaluation}", "Flags decided.");
        _refreshes = meter.CreateCounter<long>("kameleoon.configuration.refreshes", "{refresh}",
            "Attempts to get the data file, by outcome: applied, unchanged, failed.");
        meter.CreateObservableGauge("kameleoon.configuration.age", _gauges.ReadConfigurationAges, "s",
            "Time since the data file in force was confirmed.");
        _copies = meter.CreateCounter<long>("kameleoon.configuration.copies", "{operation}",
            "Uses of the last good copy, by outcome: read, written, shared, unreadable, unwritable.");
        _streams = meter.CreateUpDownCounter<long>("kameleoon.configuration.streams", "{connection}",
            "Event streams that are open.");
        _streamsLost = meter.CreateCounter<long>("kameleoon.configuration.streams.lost", "{connection}",
            "Event streams that could not be opened, or ended.");
        _streamEvents = meter.CreateCounter<long>("kameleoon.configuration.stream.events", "{event}",
            "Announcements of data files, by outcome: accepted, outdated, foreign, malformed.");
        _failedAttempts = meter.CreateCounter<long>("kameleoon.http.failed_attempts", "{attempt}",
            "Failed attempts of requests to the platform, including those whose retry succeeded.");
        _openedCircuits = meter.CreateCounter<long>("kameleoon.http.circuit.openings", "{opening}",
            "How often a circuit breaker opened because its endpoint failed too often.");
        _tokens = meter.CreateCounter<long>("kameleoon.access_token.requests", "{request}",
            "Requests for access tokens, by outcome: obtained, failed.");
        _sent = meter.CreateCounter<long>("kameleoon.events.sent", "{event}", "Events the data API accepted.");
        meter.CreateObservableCounter("kameleoon.events.queued", _gauges.ReadQueued,
            "{event}", "Events added to the queue.");
        meter.CreateObservableGauge("kameleoon.events.queue.size", _gauges.ReadQueueSizes,
            "{event}", "Events in memory, including those that are being sent.");
        meter.CreateObservableGauge("kameleoon.events.outbox.size", _gauges.ReadOutboxSizes,
            "{event}", "Events in the outbox, of all servers.");
        meter.CreateObservableGauge("kameleoon.events.outbox.age", _gauges.ReadOutboxAges,
            "s", "Time since the oldest batch in the outbox was written.");
        _retried = meter.CreateCounter<long>("kameleoon.events.retried", "{event}",
            "Events sent again by this process, counted each time.");
        _batchSize = meter.CreateHistogram<long>("kameleoon.events.batch.size", "{event}",
            "Events in a request.");
        _sendDuration = meter.CreateHistogram<double>("kameleoon.events.send.duration", "s",
            "Duration of sending a batch, with all attempts.");
        _dropped = meter.CreateCounter<long>("kameleoon.events.dropped", "{event}", "Events dropped, by reason.");
        _exposures = meter.CreateCounter<long>("kameleoon.exposures.reported", "{exposure}",
            "Exposures the server reported, by outcome of the response: page, complete, redirect, error, aborted, long, seen, none.");
        _doubles = meter.CreateCounter<long>("kameleoon.exposures.doubled", "{exposure}",
            "Exposures that both the server and the engine reported.");
        _takenBack = meter.CreateCounter<long>("kameleoon.exposures.taken_back", "{exposure}",
            "Exposures that the server took back from the engine because a script left their page.");
        _refusedCodes = meter.CreateCounter<long>("kameleoon.visitor_codes.refused", "{code}",
            "Visitor codes of requests that were rejected and replaced, by source.");
        _links = meter.CreateCounter<long>("kameleoon.visitor_links", "{link}",
            "Links between users and visitor codes, by outcome: linked, known, merged, foreign, dropped.");
        _sharedSessions = meter.CreateCounter<long>("kameleoon.shared_sessions", "{change}",
            "Changes of visitors' sessions that servers share, by outcome: written, received, dropped.");
        _listenerLosses = meter.CreateCounter<long>("kameleoon.listeners.lost", "{event}",
            "Events that a listener did not process, by reason: full, failed, stop.");
    }

    /// <summary>Whether anything listens to the number of decisions.</summary>
    internal bool CountsDecisions => _decisions.Enabled;

    /// <param name="flag">The flag, or null for a key that the data file does not have.</param>
    /// <param name="variation">The decided variation.</param>
    internal void Decided(FeatureFlag? flag, Variation variation)
    {
        if (_decisions.Enabled)
        {
            _decisions.Add(
                1,
                new("feature_flag.key", flag?.Key ?? UnknownFlag),
                new("feature_flag.result.variant", variation.Key),
                new("feature_flag.result.reason", NameOf(variation.Reason)));
        }
    }

    /// <summary>Counts an exposure that engine and server both reported.</summary>
    internal void ReportedTwice() => _doubles.Add(1);

    /// <summary>Counts an exposure that the server took back from a page that a script left.</summary>
    internal void ExposureTakenBack() => _takenBack.Add(1);

    /// <inheritdoc cref="ProjectGauges.ObserveConfiguration"/>
    internal void ObserveConfiguration(string siteCode, Func<TimeSpan?> age) => _gauges.ObserveConfiguration(siteCode, age);

    internal void ConfigurationRefreshed(string siteCode, string outcome, string? errorType = null) =>
        _refreshes.Add(1, Tags(siteCode, outcome, errorType));

    internal void LastGoodCopy(string siteCode, string outcome, string? errorType = null) =>
        _copies.Add(1, Tags(siteCode, outcome, errorType));

    /// <summary>Counts an open stream until the returned object is disposed.</summary>
    internal OpenStream StreamOpened(string siteCode)
    {
        _streams.Add(1, new KeyValuePair<string, object?>(SetId, siteCode));
        return new OpenStream(() => _streams.Add(-1, new KeyValuePair<string, object?>(SetId, siteCode)));
    }

    internal void StreamLost(string siteCode, string errorType) =>
        _streamsLost.Add(1, new(SetId, siteCode), new(ErrorType.Tag, errorType));

    internal void StreamEvent(string siteCode, string outcome) => _streamEvents.Add(1, Tags(siteCode, outcome, null));

    internal void AttemptFailed(string client, string errorType) =>
        _failedAttempts.Add(1, new("kameleoon.client", client), new(ErrorType.Tag, errorType));

    internal void CircuitOpened(string client) =>
        _openedCircuits.Add(1, new KeyValuePair<string, object?>("kameleoon.client", client));

    internal void TokenRequested(string siteCode, string outcome, string? errorType = null) =>
        _tokens.Add(1, Tags(siteCode, outcome, errorType));

    /// <inheritdoc cref="ProjectGauges.ObserveQueue"/>
    internal void ObserveQueue(string siteCode, Func<long> queued, Func<long> size) =>
        _gauges.ObserveQueue(siteCode, queued, size);

    /// <inheritdoc cref="ProjectGauges.ObserveOutbox"/>
    internal void ObserveOutbox(string siteCode, Func<long?> size, Func<TimeSpan> age) =>
        _gauges.ObserveOutbox(siteCode, size, age);

    internal void EventsSent(int count) => _sent.Add(count);

    internal void EventsRetried(int count) => _retried.Add(count);

    internal void BatchSent(int count, TimeSpan duration, string? errorType)
    {
        _batchSize.Record(count);
        if (errorType is null)
        {
            _sendDuration.Record(duration.TotalSeconds);
        }
        else
        {
            _sendDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(ErrorType.Tag, errorType));
        }
    }

    internal void EventsDropped(int count, string reason) =>
        _dropped.Add(count, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="outcome">The outcome of the response that showed the variation.</param>
    /// <param name="count">The number of exposures.</param>
    internal void ExposureReported(string outcome, int count = 1) =>
        _exposures.Add(count, new KeyValuePair<string, object?>("outcome", outcome));

    internal void VisitorCodeRefused(string source) =>
        _refusedCodes.Add(1, new KeyValuePair<string, object?>("source", source));

    /// <summary>Counts a link between a user and a visitor code.</summary>
    internal void VisitorLinked(string outcome) =>
        _links.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void SessionShared(string outcome, int count = 1) =>
        _sharedSessions.Add(count, new KeyValuePair<string, object?>("outcome", outcome));

    internal void ListenerLost(string listener, string reason, int count = 1) =>
        _listenerLosses.Add(count, new("kameleoon.listener", listener), new("reason", reason));

    /// <summary>Returns OpenTelemetry's name of a reason where it has one.</summary>
    internal static string NameOf(DecisionReason reason) => ReasonNames[(int)reason];

    private static TagList Tags(string siteCode, string outcome, string? errorType)
    {
        TagList tags = [new(SetId, siteCode), new("outcome", outcome)];
        if (errorType is not null)
        {
            tags.Add(ErrorType.Tag, errorType);
        }

        return tags;
    }

    internal readonly struct OpenStream(Action close) : IDisposable
    {
        public void Dispose() => close();
    }
}
