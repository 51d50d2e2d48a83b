using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>What conditions refer to elsewhere in the data file, which may stand further down.</summary>
internal sealed class TargetingCatalogue(Warnings warnings)
{
    private readonly Dictionary<long, Segment> _segments = [];
    private readonly List<IReferringCondition> _referring = [];
    private readonly Dictionary<long, RuleReference[]> _rulesByFlag = [];
    private readonly Dictionary<long, string> _variationKeys = [];

    internal Warnings Warnings => warnings;

    /// <summary>The key of each exposed variation of the site, by its id.</summary>
    internal Dictionary<long, string> VariationKeys => _variationKeys;

    /// <summary>Whether a condition refers to another part of the data file.</summary>
    internal bool HasReferences => _referring.Count > 0;

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

    /// <summary>The experiments of a flag's rules, or of one of its rules; empty for an unknown flag.</summary>
    internal long[] FindExperiments(long flagId, long? ruleId) => _rulesByFlag.TryGetValue(flagId, out var rules)
        ? [.. rules.Where(rule => ruleId is null || rule.Id == ruleId).Select(rule => rule.ExperimentId)]
        : [];

    /// <summary>Lets a condition look up what it refers to as soon as everything is read.</summary>
    internal void ResolveLater(IReferringCondition condition) => _referring.Add(condition);

    /// <summary>Adds the rules of a flag, in place of those of an earlier flag of the same id.</summary>
    internal void AddFlag(long flagId, RuleReference[] rules) => _rulesByFlag[flagId] = rules;

    /// <summary>Lets every condition look up what it refers to; everything is read by now.</summary>
    internal void ResolveReferences() => _referring.ForEach(condition => condition.Resolve(this));
}

/// <summary>The ids by which conditions refer to a rule of a flag.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RuleReference(long Id, long ExperimentId);

/// <summary>A condition on another part of the data file.</summary>
internal interface IReferringCondition
{
    void Resolve(TargetingCatalogue catalogue);
}
