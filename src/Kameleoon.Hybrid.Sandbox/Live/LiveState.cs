using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Combines recorded events with the names in the project into the data of the live page.</summary>
internal sealed class LiveState(
    Recorder recorder, ProjectFile dataFile, SandboxStore store, SandboxClock clock, ActiveFaults faults)
{
    internal const int DefaultEvents = 100;
    private const int MaxVisitors = 60;
    private const int MaxWarnings = 30;
    private const int MaxProducts = 20;
    private const int MaxRecommended = 3;

    /// <summary>Completes when something arrives. Take it before reading.</summary>
    internal Task Changed => recorder.Changed;

    internal string ToJson(int events) => JsonSerializer.Serialize(Read(events), LiveJson.Default.LiveSnapshot);

    internal LiveSnapshot Read(int events)
    {
        var content = dataFile.Read();
        var flags = content.Project?.Flags ?? [];
        var sandbox = new LiveSandbox(
            store.Path, clock.Offset.TotalSeconds, faults.All, flags.Count(flag => flag.Edit is not null));
        return recorder.Read(view => new LiveSnapshot(
            FileOf(content),
            sandbox,
            TotalsOf(view),
            new LiveActivity(PointsOf(view.EngineEvents), PointsOf(view.ServerEvents)),
            ExperimentsOf(view, content.Catalog),
            [
                .. view.Counters.Goals.OrderBy(goal => goal.GoalId).Select(goal => new LiveGoal(
                    goal.GoalId, content.Catalog.GoalName(goal.GoalId), goal.Conversions, goal.Cancelled, goal.Revenue)),
            ],
            ProductsOf(view.Counters.Products),
            VisitorsOf(view),
            [.. view.Warnings.TakeLast(MaxWarnings).Reverse()],
            flags,
            [.. view.Events.TakeLast(events).Reverse()]));
    }

    /// <summary>How an experiment went over time, for one goal.</summary>
    internal LiveChart Chart(long experiment, long goal)
    {
        var catalog = dataFile.ReadRecent().Catalog;
        return recorder.Read(view => LiveChart.Of(
            [.. view.Counters.Exposures.Where(count => count.ExperimentId == experiment).OrderBy(count => count.VariationId)],
            goal,
            id => catalog.Find(experiment)?.Find(id)?.Key));
    }

    private static List<long[]> PointsOf(TimeSeries series) =>
        [.. series.StepsWithPauses.Select(step => new[] { step.Second, step.Sum })];

    private LiveDataFile FileOf(ProjectFileContent content) => new(
        dataFile.Name,
        content.State,
        content.LastModified == DateTimeOffset.MinValue ? null : content.LastModified,
        content.Problem,
        content.Mistakes,
        content.Project?.Data.Warnings ?? [],
        [.. content.ServedProject?.Data.Flags.Select(flag => flag.Key) ?? []],
        content.Project?.Environments ?? [],
        content.Project?.Source is not null);

    private static List<LiveProduct> ProductsOf(RecordedProducts products)
    {
        var none = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. products.Recommend([], none).Take(MaxProducts).Select(product => new LiveProduct(
                product.Id,
                product.Name,
                product.Count(ProductAction.View),
                product.Count(ProductAction.Cart),
                product.Count(ProductAction.Purchase),
                [.. products.Recommend([product.Id], none).Take(MaxRecommended).Select(other => other.Name)])),
        ];
    }

    private static LiveTotals TotalsOf(RecorderView view) => new(
        view.Visitors.TotalSeen,
        view.Visitors.Count,
        view.Visitors.PageViews,
        view.Counters.Exposures.Sum(exposure => exposure.Engine.Exposures + exposure.Server.Exposures),
        view.Counters.Goals.Sum(goal => goal.Conversions - goal.Cancelled),
        view.Counters.Goals.Sum(goal => goal.Revenue),
        view.Violations);

    private static LiveExperiment[] ExperimentsOf(RecorderView view, ExperimentCatalog catalog)
    {
        var counts = view.Counters.Exposures.ToLookup(exposure => exposure.ExperimentId);
        var goals = view.Counters.Goals.Select(goal => goal.GoalId).ToHashSet();
        return
        [
            .. catalog.Experiments.Select(experiment => Of(experiment.Id, experiment)),
            .. counts.Where(entries => catalog.Find(entries.Key) is null).OrderBy(entries => entries.Key)
                .Select(entries => Of(entries.Key, null)),
        ];

        LiveExperiment Of(long id, CatalogExperiment? known) =>
            LiveExperiment.Of(id, known, counts[id].ToDictionary(count => count.VariationId), goals);
    }

    private static LiveVisitor[] VisitorsOf(RecorderView view)
    {
        var warnings = view.Warnings.CountBy(warning => warning.VisitorCode, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        return
        [
            .. view.Visitors.Latest.Take(MaxVisitors).Select(visitor => new LiveVisitor(
                visitor.Code,
                visitor.FirstSeen,
                visitor.LastSeen,
                visitor.PageViews,
                visitor.Visits is [.., var last] ? last.Number : 0,
                visitor.SeenBy.HasFlag(EventSenders.Server),
                visitor.SeenBy.HasFlag(EventSenders.Engine),
                visitor.UserAgent,
                [
                    .. visitor.Exposures.Keys.Select(
                        seen => $"{seen.Flag ?? $"{seen.ExperimentId}"}: {seen.Variation ?? $"{seen.VariationId}"}"),
                ],
                warnings.GetValueOrDefault(visitor.Code))),
        ];
    }
}
