using System.Diagnostics.Metrics;
using System.Globalization;

namespace Kameleoon.Hybrid;

/// <summary>The instruments of the experiments' stages. There are at most 100 experiments, so the tags have few values.</summary>
internal sealed class TrustMetrics
{
    private readonly Counter<long> _alarms;
    private readonly Counter<long> _withheld;
    private ExperimentTally[] _observed = [];

    public TrustMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(KameleoonMetrics.MeterName);
        meter.CreateObservableGauge("kameleoon.experiment.visitors", ReadVisitors, "{visitor}",
            "Visitors of an experiment in the current window, by variation and stage.");
        meter.CreateObservableCounter("kameleoon.experiment.responses", ReadResponses, "{response}",
            "Responses with an experiment's exposure, by variation and outcome.");
        meter.CreateObservableCounter("kameleoon.experiment.bots", ReadBots, "{evaluation}",
            "Tracked decisions of an experiment's flag that bots asked for.");
        _alarms = meter.CreateCounter<long>("kameleoon.experiment.alarms", "{alarm}",
            "Experiments whose visitors do not fit the weights, by the first stage with a mismatch.");
        _withheld = meter.CreateCounter<long>("kameleoon.experiment.withheld", "{alarm}",
            "Variations that were withheld from new visitors, because their responses failed or were slow.");
    }

    /// <summary>Measures these experiments from now on.</summary>
    internal void Observe(ExperimentTally[] experiments) => Volatile.Write(ref _observed, experiments);

    internal void Alarmed(string stage) => _alarms.Add(1, new KeyValuePair<string, object?>("stage", stage));

    internal void Withheld(ExperimentTally tally, string variation, string reason) => _withheld.Add(
        1, NameOf(tally), new("feature_flag.result.variant", variation), new("reason", reason));

    private IEnumerable<Measurement<long>> ReadVisitors() =>
        from tally in Volatile.Read(ref _observed)
        where tally.Window is not null
        from stage in StageWindow.Counted
        from measured in Measure(tally, tally.Window!.Read(stage), "stage", TrustSentence.NameOf(stage))
        select measured;

    private IEnumerable<Measurement<long>> ReadResponses() =>
        from tally in Volatile.Read(ref _observed)
        where tally.Window is not null
        from outcome in Enum.GetValues<ExposureOutcome>()
        from measured in Measure(tally, tally.Read(outcome), "outcome", TrustSentence.NameOf(outcome))
        select measured;

    private IEnumerable<Measurement<long>> ReadBots() =>
        from tally in Volatile.Read(ref _observed)
        where tally.Bots > 0
        select new Measurement<long>(tally.Bots, NameOf(tally));

    private static KeyValuePair<string, object?> NameOf(ExperimentTally tally) =>
        new("kameleoon.experiment", tally.Version.ExperimentId.ToString(CultureInfo.InvariantCulture));

    private static IEnumerable<Measurement<long>> Measure(ExperimentTally tally, long[] counts, string tag, string value)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            yield return new(
                counts[i],
                NameOf(tally),
                new("feature_flag.result.variant", tally.Version.Keys[i]),
                new(tag, value));
        }
    }
}
