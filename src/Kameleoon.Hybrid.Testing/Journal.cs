using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kameleoon.Hybrid.Listeners;
using Kameleoon.Hybrid.Sandbox;
using Kameleoon.Hybrid.Settings;

namespace Kameleoon.Hybrid.Testing;

/// <summary>Keeps what the application decided and whom it made the owner of exposures, to explain an event that did not
/// come.</summary>
internal sealed class Journal : IKameleoonListener, IDisposable
{
    private const int Length = 1000;

    private readonly ConcurrentQueue<EvaluationEvent> _evaluations = new();
    private readonly ConcurrentQueue<ExposureEvent> _exposures = new();
    private readonly ConcurrentDictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private readonly MeterListener _meters = new();

    public Journal(IMeterFactory meters)
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "kameleoon.events.dropped" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "reason", Value: string reason })
                {
                    _dropped.AddOrUpdate(reason, count, (_, before) => before + count);
                }
            }
        });
        _meters.Start();
    }

    public ValueTask OnEvaluationAsync(EvaluationEvent evaluation, CancellationToken cancellationToken) =>
        Keep(_evaluations, evaluation);

    public ValueTask OnExposureAsync(ExposureEvent exposure, CancellationToken cancellationToken) => Keep(_exposures, exposure);

    /// <summary>Says for each decision, the tracked ones first, why its exposure is not among the events.</summary>
    internal string Explain(IReadOnlyList<SandboxEvent> received)
    {
        var decisions = _evaluations.Reverse()
            .OrderByDescending(one => one.IsTracked)
            .DistinctBy(one => (one.VisitorCode, one.FeatureKey, one.Variation))
            .Take(20)
            .Select(one => $"{one.VisitorCode}: {one.FeatureKey} = {one.Variation.Key}; {OutcomeOf(one, received)}")
            .ToList();
        var text = decisions.Count == 0
            ? "The application decided no flag."
            : "The application decided:\n" + string.Join('\n', decisions);
        return _dropped.IsEmpty
            ? text
            : $"{text}\nIt dropped events: "
                + string.Join(", ", _dropped.OrderBy(reason => reason.Key, StringComparer.Ordinal)
                    .Select(reason => $"{reason.Value} as {reason.Key}")) + ".";
    }

    public void Dispose() => _meters.Dispose();

    private static ValueTask Keep<T>(ConcurrentQueue<T> queue, T item)
    {
        queue.Enqueue(item);
        while (queue.Count > Length && queue.TryDequeue(out _))
        {
        }

        return default;
    }

    private string OutcomeOf(EvaluationEvent decision, IReadOnlyList<SandboxEvent> received)
    {
        if (!decision.IsTracked)
        {
            return "it was decided with track: false, so it has no exposure.";
        }

        if (decision.Variation is not { ExperimentId: { } experiment, Id: { } variation })
        {
            return $"no experiment chose the variation ({decision.Reason}), so it has no exposure.";
        }

        var came = received.Any(one => string.Equals(one.VisitorCode, decision.VisitorCode, StringComparison.Ordinal)
            && string.Equals(one.VariationKey, decision.Variation.Key, StringComparison.Ordinal)
            && string.Equals(one.FeatureKey, decision.FeatureKey, StringComparison.Ordinal));
        if (came)
        {
            return "the sandbox received its exposure.";
        }

        var owner = _exposures.LastOrDefault(one => one.ExperimentId == experiment && one.VariationId == variation
            && string.Equals(one.VisitorCode, decision.VisitorCode, StringComparison.Ordinal))?.Owner;
        return owner switch
        {
            ExposureOwner.Engine => "the engine owns this exposure, and HttpClient runs no scripts: open the page in a browser, "
                + "or set Kameleoon:ExposureBy to Server in this test.",
            null => "its exposure has no owner yet: its response is not complete, consent is missing, the exposure was reported "
                + "before in this session, or the visitor is a bot.",
            _ => "the server queued its exposure, and the sandbox has not received it yet.",
        };
    }
}
