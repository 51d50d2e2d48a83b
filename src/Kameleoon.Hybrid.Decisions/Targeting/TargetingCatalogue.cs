namespace Kameleoon.Hybrid.Decisions;

/// <summary>What conditions refer to elsewhere in the data file, which may stand further down.</summary>
internal sealed class TargetingCatalogue(Warnings warnings)
{
    private readonly Dictionary<long, Segment> _segments = [];
    private readonly List<IReferringCondition> _referring = [];
    private readonly Dictionary<long, FeatureFlag> _flags = [];
    private readonly Dictionary<long, string> _variationKeys = [];

    internal Warnings Warnings => warnings;

    /// <summary>The key of each exposed variation of the site, by its id.</summary>
    internal IReadOnlyDictionary<long, string> VariationKeys => _variationKeys;

    /// <returns>The segment of an id, which the file may define later, or never.</returns>
    internal Segment FindSegment(long id)
    {
        if (!_segments.TryGetValue(id, out var segment))
        {
            segment = new Segment(id, _segments.Count);
            _segments.Add(id, segment);
        }

        return segment;
    }

    /// <summary>The experiments of a flag's rules, or of one of them; none for a flag nobody knows.</summary>
    internal long[] FindExperiments(long flagId, long? ruleId) => _flags.TryGetValue(flagId, out var flag)
        ? [.. flag.RuleTable.Where(rule => ruleId is null || rule.Id == ruleId).Select(rule => rule.ExperimentId)]
        : [];

    /// <summary>Lets a condition look up what it refers to as soon as everything is read.</summary>
    internal void ResolveLater(IReferringCondition condition) => _referring.Add(condition);

    internal void Complete(KeyedMap<FeatureFlag> flags)
    {
        if (_referring is [])
        {
            return;
        }

        foreach (var flag in flags.Values)
        {
            _flags[flag.Id] = flag;
            foreach (var rule in flag.RuleTable)
            {
                rule.AddKeysTo(_variationKeys);
            }
        }

        _referring.ForEach(condition => condition.Resolve(this));
    }
}

/// <summary>A condition on another part of the data file.</summary>
internal interface IReferringCondition
{
    void Resolve(TargetingCatalogue catalogue);
}
