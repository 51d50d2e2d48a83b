using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Puts together what was recorded and what the data file calls it.</summary>
internal sealed class LiveState(Recorder recorder, SandboxDataFile dataFile)
{
    internal const int DefaultEvents = 100;

    /// <summary>Completes when something arrives. Take it before reading.</summary>
    internal Task Changed => recorder.Changed;

    internal string ToJson(int events) => JsonSerializer.Serialize(Read(events), SandboxJson.Default.LiveSnapshot);

    internal LiveSnapshot Read(int events)
    {
        var content = dataFile.Read();
        var file = new LiveDataFile(
            dataFile.Name,
            content.State,
            content.LastModified == DateTimeOffset.MinValue ? null : content.LastModified,
            content.Problem,
            content.Warnings,
            [.. content.Data?.Flags.Select(flag => flag.Key) ?? []]);
        return recorder.Read(view => new LiveSnapshot(
            file,
            TotalsOf(view),
            ExperimentsOf(view, content.Catalog),
            [.. view.Goals.OrderBy(goal => goal.GoalId)],
            [.. view.Events.TakeLast(events).Reverse()]));
    }

    private static LiveTotals TotalsOf(RecorderView view) => new(
        view.Visitors.Met,
        view.Visitors.Count,
        view.Visitors.PageViews,
        view.Exposures.Sum(exposure => exposure.Engine.Exposures + exposure.Server.Exposures),
        view.Goals.Sum(goal => goal.Conversions - goal.Cancelled),
        view.Goals.Sum(goal => goal.Revenue),
        view.Violations);

    private static LiveExperiment[] ExperimentsOf(RecorderView view, ExperimentCatalog catalog)
    {
        var counts = view.Exposures.ToLookup(exposure => exposure.ExperimentId);
        var named = catalog.Experiments.Select(experiment => Of(experiment.Id, experiment, counts[experiment.Id]));
        var others = counts.Where(entries => catalog.Find(entries.Key) is null)
            .OrderBy(entries => entries.Key)
            .Select(entries => Of(entries.Key, null, entries));
        return [.. named, .. others];
    }

    private static LiveExperiment Of(long id, CatalogExperiment? known, IEnumerable<ExposureCount> exposures)
    {
        var counts = exposures.ToDictionary(exposure => exposure.VariationId);
        var ids = (known?.Variations.Select(variation => variation.Id) ?? []).Union(counts.Keys.Order());
        LiveVariation[] variations =
        [
            .. ids.Select(variationId =>
            {
                var count = counts.GetValueOrDefault(variationId);
                return new LiveVariation(
                    variationId,
                    known?.Find(variationId)?.Key ?? count?.Variation,
                    count?.Visitors ?? 0,
                    count?.Both ?? 0,
                    count?.Engine ?? SenderCount.Zero,
                    count?.Server ?? SenderCount.Zero);
            }),
        ];
        return new LiveExperiment(
            id,
            known?.FlagKey ?? counts.Values.FirstOrDefault(count => count.Flag is not null)?.Flag,
            variations.Sum(variation => variation.Visitors),
            variations);
    }
}
