using System.Collections.Frozen;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What the numbers on the wire are called in the data file.</summary>
internal sealed class ExperimentCatalog
{
    private readonly FrozenDictionary<long, CatalogExperiment> _byId;

    private ExperimentCatalog(IReadOnlyList<CatalogExperiment> experiments)
    {
        Experiments = experiments;
        _byId = experiments.ToFrozenDictionary(experiment => experiment.Id);
    }

    internal static ExperimentCatalog Empty { get; } = new([]);

    /// <summary>In file order, each experiment once.</summary>
    internal IReadOnlyList<CatalogExperiment> Experiments { get; }

    internal static ExperimentCatalog Of(DataFile data) => new(
    [
        .. data.Flags
            .SelectMany(flag => flag.Rules, (flag, rule) => (flag.Key, Rule: rule))
            .Where(entry => entry.Rule.ExperimentId != 0)
            .GroupBy(entry => entry.Rule.ExperimentId)
            .Select(entries => new CatalogExperiment(
                entries.Key, entries.First().Key, VariationsOf(entries.Select(entry => entry.Rule)))),
    ]);

    internal CatalogExperiment? Find(long experimentId) => _byId.GetValueOrDefault(experimentId);

    private static CatalogVariation[] VariationsOf(IEnumerable<Rule> rules) =>
    [
        .. rules.SelectMany(rule => rule.Variations.Values)
            .Where(variation => variation.Id is not null)
            .DistinctBy(variation => variation.Id)
            .OrderBy(variation => variation.Id)
            .Select(variation => new CatalogVariation(variation.Id!.Value, variation.Key, variation.Name)),
    ];
}

/// <summary>One experiment and the flag it belongs to.</summary>
internal sealed record CatalogExperiment(long Id, string FlagKey, IReadOnlyList<CatalogVariation> Variations)
{
    internal CatalogVariation? Find(long variationId) =>
        Variations.FirstOrDefault(variation => variation.Id == variationId);
}

/// <summary>One variation of an experiment.</summary>
internal sealed record CatalogVariation(long Id, string Key, string Name);
