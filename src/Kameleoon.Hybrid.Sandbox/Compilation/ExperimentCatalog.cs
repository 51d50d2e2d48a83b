using System.Collections.Frozen;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Maps the ids in events to the names of experiments, variations and goals in the project.</summary>
internal sealed class ExperimentCatalog
{
    private readonly FrozenDictionary<long, CatalogExperiment> _byId;
    private readonly FrozenDictionary<long, string> _goals;

    private ExperimentCatalog(IReadOnlyList<CatalogExperiment> experiments, IEnumerable<ProjectGoal> goals)
    {
        Experiments = experiments;
        _goals = goals.ToFrozenDictionary(goal => goal.Id, goal => goal.Name);
        _byId = experiments.ToFrozenDictionary(experiment => experiment.Id);
    }

    internal static ExperimentCatalog Empty { get; } = new([], []);

    /// <summary>In file order, each experiment once.</summary>
    internal IReadOnlyList<CatalogExperiment> Experiments { get; }

    internal static ExperimentCatalog Of(
        IReadOnlyList<FlagView> flags, HoldoutView? holdout, Project? project) => new(
        [.. FlagsOf(flags).Concat(HoldoutOf(holdout)).Concat(WebOf(project)).DistinctBy(experiment => experiment.Id)],
        project?.Goals ?? []);

    internal CatalogExperiment? Find(long experimentId) => _byId.GetValueOrDefault(experimentId);

    /// <summary>The name of a goal, or null: a data file of the platform names none.</summary>
    internal string? GoalName(long id) => _goals.GetValueOrDefault(id);

    private static IEnumerable<CatalogExperiment> FlagsOf(IReadOnlyList<FlagView> flags) => flags
        .SelectMany(flag => flag.Rules, (flag, rule) => (Flag: flag, Rule: rule))
        .Where(entry => entry.Rule.ExperimentId != 0)
        .GroupBy(entry => entry.Rule.ExperimentId)
        .Select(entries => new CatalogExperiment(
            entries.Key,
            entries.First().Flag.Key,
            entries.First().Rule.IsDelivery ? CampaignKind.Delivery : CampaignKind.Flag,
            VariationsOf(entries.First().Flag, entries.SelectMany(entry => entry.Rule.Shares)),
            entries.First().Flag.Edit?.Forced));

    // The reference comes first: the default variation of the flag, or the first one in the file.
    private static CatalogVariation[] VariationsOf(FlagView flag, IEnumerable<ShareView> shares) =>
    [
        .. shares.Where(share => share.VariationId is not null)
            .DistinctBy(share => share.VariationId)
            .OrderByDescending(share => share.Key.Is(flag.Default))
            .Select(share => new CatalogVariation(
                share.VariationId!.Value,
                share.Key,
                flag.Variations.FirstOrDefault(variation => variation.Key.Is(share.Key))?.Name ?? "",
                share.Share)),
    ];

    private static IEnumerable<CatalogExperiment> HoldoutOf(HoldoutView? holdout) => holdout is null
        ? []
        :
        [
            new(holdout.ExperimentId, "holdout", CampaignKind.Holdout,
            [
                .. holdout.Shares.Where(share => share.VariationId is not null).Select(share => new CatalogVariation(
                    share.VariationId!.Value, share.Key, HoldoutView.NameOf(share.Key), share.Share)),
            ]),
        ];

    private static IEnumerable<CatalogExperiment> WebOf(Project? project) =>
        (project?.Engine.Experiments ?? []).Select(experiment => new CatalogExperiment(
            experiment.Id,
            experiment.Name,
            CampaignKind.Web,
            [
                .. experiment.Variations.OrderByDescending(v => v.Id == 0)
                    .Select(v => new CatalogVariation(v.Id, v.Name, v.Name, v.Share)),
            ]));
}

/// <summary>An experiment, the flag it belongs to, and the variations that are forced on visitors of the flag.
/// </summary>
internal sealed record CatalogExperiment(
    long Id,
    string FlagKey,
    CampaignKind Kind,
    IReadOnlyList<CatalogVariation> Variations,
    IReadOnlyList<ForcedVariation>? Forced = null)
{
    /// <summary>Whether a variation is forced on a visitor.</summary>
    internal bool IsForced(long variationId, string visitor) => Forced is not null && Find(variationId) is { } variation
        && Forced.Any(forced => forced.Variation.Is(variation.Key) && (forced.Visitor ?? visitor).Is(visitor));

    internal CatalogVariation? Find(long variationId) =>
        Variations.FirstOrDefault(variation => variation.Id == variationId);
}

/// <summary>One variation of an experiment, and the part of its traffic that it should get, from 0 to 1.</summary>
internal sealed record CatalogVariation(long Id, string Key, string Name, double Share);
