using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Keeps what one application measures; decisions only when told, as keeping takes memory that tests of
/// decisions measure.</summary>
internal sealed class MetricSink : IDisposable
{
    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private Instrument? _decisions;

    internal MetricSink(IServiceProvider services)
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != "Kameleoon.Hybrid" || !ReferenceEquals(instrument.Meter.Scope, factory))
            {
                return;
            }

            if (instrument.Name == "kameleoon.decisions")
            {
                _decisions = instrument;
            }
            else
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    internal void KeepDecisions() => _listener.EnableMeasurementEvents(_decisions!);

    /// <summary>The sum of what was measured, of those with a tag's value if one is given.</summary>
    internal double Sum(string instrument, string? tag = null, string? value = null) => _series.Values
        .Where(series => series.Instrument == instrument && (tag is null || series.Tags.GetValueOrDefault(tag) == value))
        .Sum(series => series.Total);

    /// <summary>The values of a tag that were measured, each once, in their order.</summary>
    internal string[] Values(string instrument, string tag) =>
    [
        .. _series.Values.Where(series => series.Instrument == instrument).OrderBy(series => series.Number)
            .Select(series => series.Tags.GetValueOrDefault(tag)).OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    /// <summary>What an instrument shows now that is only read when asked.</summary>
    internal double Observe(string instrument)
    {
        _listener.RecordObservableInstruments();
        return _series.Values.Single(series => series.Instrument == instrument).Last;
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var named = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (tag, tagged) in tags)
        {
            named[tag] = tagged as string;
        }

        _series.GetOrAdd($"{instrument.Name} {string.Join(' ', named)}", _ => new(instrument.Name, named, _series.Count))
            .Add(value);
    }

    /// <summary>All measurements with the same tags.</summary>
    private sealed class Series(string instrument, Dictionary<string, string?> tags, int number)
    {
        private readonly Lock _gate = new();

        internal string Instrument => instrument;

        internal Dictionary<string, string?> Tags => tags;

        internal int Number => number;

        internal double Total { get; private set; }

        internal double Last { get; private set; }

        internal void Add(double value)
        {
            lock (_gate)
            {
                Total += value;
                Last = value;
            }
        }
    }
}
