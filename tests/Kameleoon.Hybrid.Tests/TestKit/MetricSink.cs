using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Keeps what one application measures.</summary>
internal sealed class MetricSink : IDisposable
{
    private readonly ConcurrentQueue<Measured> _measured = new();
    private readonly MeterListener _listener = new();

    internal MetricSink(IServiceProvider services)
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Kameleoon.Hybrid" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The sum of what was measured, of those with a tag's value if one is given.</summary>
    internal double Sum(string instrument, string? tag = null, string? value = null) => _measured
        .Where(measured => measured.Instrument == instrument
            && (tag is null || measured.Tags.GetValueOrDefault(tag) as string == value))
        .Sum(measured => measured.Value);

    /// <summary>The values of a tag that were measured.</summary>
    internal string[] Values(string instrument, string tag) =>
    [
        .. _measured.Where(measured => measured.Instrument == instrument)
            .Select(measured => measured.Tags.GetValueOrDefault(tag) as string ?? "").Distinct(StringComparer.Ordinal),
    ];

    /// <summary>What an instrument shows now that is only read when asked.</summary>
    internal double Observe(string instrument)
    {
        _listener.RecordObservableInstruments();
        return _measured.Last(measured => measured.Instrument == instrument).Value;
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue(new(instrument.Name, value, new(tags.ToArray(), StringComparer.Ordinal)));

    private sealed record Measured(string Instrument, double Value, Dictionary<string, object?> Tags);
}
