using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What one application measures. Decisions are collected only on demand, because some tests measure the memory that
/// a decision allocates.</summary>
internal sealed class CollectedMetrics : IDisposable
{
    private const string Decisions = "kameleoon.decisions";

    private readonly ConcurrentDictionary<string, Collected> _byName = new(StringComparer.Ordinal);
    private readonly MeterListener _published = new();
    private readonly object _scope;

    internal CollectedMetrics(IServiceProvider services)
    {
        _scope = services.GetRequiredService<IMeterFactory>();
        _published.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == "Kameleoon.Hybrid" && instrument.Meter.Scope == _scope && instrument.Name != Decisions)
            {
                Collect(instrument);
            }
        };
        _published.Start();
    }

    internal void CollectDecisions() =>
        _byName[Decisions] = new Collected<long>(new(_scope, "Kameleoon.Hybrid", Decisions));

    /// <summary>The sum of what was measured, of those with a tag's value if one is given.</summary>
    internal double Sum(string instrument, string? tag = null, string? value = null) => _byName[instrument].Read()
        .Where(measured => tag is null || measured.Tags.GetValueOrDefault(tag) as string == value)
        .Sum(static measured => measured.Value) + (tag is null ? _byName[instrument].Forgotten : 0);

    /// <summary>Keeps only the sums of what was measured so far. Called while nothing is measured.</summary>
    internal void Forget()
    {
        foreach (var collected in _byName.Values)
        {
            collected.Forget();
        }
    }

    /// <summary>The values of a tag that were measured, each once, in their order.</summary>
    internal string[] Values(string instrument, string tag) =>
    [
        .. _byName[instrument].Read().Select(measured => measured.Tags.GetValueOrDefault(tag)).OfType<string>()
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>What an instrument shows now that is only read when asked.</summary>
    internal double Observe(string instrument)
    {
        _byName[instrument].Observe();
        return _byName[instrument].Read().Last().Value;
    }

    public void Dispose()
    {
        _published.Dispose();
        foreach (var collected in _byName.Values)
        {
            collected.Dispose();
        }
    }

    private void Collect(Instrument instrument) => _byName[instrument.Name] = instrument switch
    {
        Instrument<long> counted => new Collected<long>(new(counted)),
        Instrument<double> timed => new Collected<double>(new(timed)),
        ObservableInstrument<int> counted => new Collected<int>(new(counted)),
        ObservableInstrument<long> counted => new Collected<long>(new(counted)),
        ObservableInstrument<double> timed => new Collected<double>(new(timed)),
        _ => throw new NotSupportedException($"Collect instruments like {instrument.Name} here as well."),
    };

    private abstract class Collected : IDisposable
    {
        internal abstract IEnumerable<(double Value, IReadOnlyDictionary<string, object?> Tags)> Read();

        internal abstract void Observe();

        internal abstract void Forget();

        /// <summary>The sum of what was forgotten.</summary>
        internal double Forgotten { get; private protected set; }

        public abstract void Dispose();
    }

    private sealed class Collected<T>(MetricCollector<T> collector) : Collected
        where T : struct, IConvertible
    {
        internal override IEnumerable<(double Value, IReadOnlyDictionary<string, object?> Tags)> Read() => collector
            .GetMeasurementSnapshot().Select(static measured => (measured.Value.ToDouble(null), measured.Tags));

        internal override void Observe() => collector.RecordObservableInstruments();

        internal override void Forget()
        {
            Forgotten += Read().Sum(static measured => measured.Value);
            collector.Clear();
        }

        public override void Dispose() => collector.Dispose();
    }
}
