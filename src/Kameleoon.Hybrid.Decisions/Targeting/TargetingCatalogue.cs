namespace Kameleoon.Hybrid.Decisions;

/// <summary>What conditions refer to elsewhere in the data file, looked up once while they are compiled.</summary>
internal sealed class TargetingCatalogue(
    IReadOnlyDictionary<long, Segment> segments,
    IReadOnlyDictionary<long, FlagDocument> flags,
    IReadOnlyDictionary<long, string> variationKeys,
    Warnings warnings)
{
    internal Warnings Warnings => warnings;

    /// <summary>The key of each exposed variation of the site, by its id.</summary>
    internal IReadOnlyDictionary<long, string> VariationKeys => variationKeys;

    internal Segment? FindSegment(long id) => segments.GetValueOrDefault(id);

    /// <summary>The experiments of a flag's rules, or of one of them; none for a flag nobody knows.</summary>
    internal long[] FindExperiments(long flagId, long? ruleId) =>
        flags.TryGetValue(flagId, out var flag) && flag.Rules is { } rules
            ? [.. rules.OfType<RuleDocument>()
                .Where(rule => ruleId is null || rule.Id == ruleId)
                .Select(rule => rule.ExperimentId ?? 0)]
            : [];
}
