using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The segments, rules and variation keys of a data file that conditions refer to by id.</summary>
/// <param name="warnings">The warnings about segments.</param>
/// <param name="expected">About how many segments there are.</param>
internal sealed class TargetingCatalogue(Warnings warnings, int expected)
{
    private readonly Dictionary<long, Segment> _segments = new(expected);
    private readonly List<IReferringCondition> _referringConditions = [];
    private readonly Dictionary<long, RuleReference[]> _rulesByFlag = [];
    private readonly Dictionary<long, string> _variationKeys = [];

    internal Warnings Warnings => warnings;

    /// <summary>The key of each exposed variation of the site, by its id.</summary>
    internal Dictionary<long, string> VariationKeys => _variationKeys;

    /// <summary>Whether a condition refers to another part of the data file.</summary>
    internal bool HasReferences => _referringConditions.Count > 0;

    /// <returns>The segment of an id; the data file may define it later, or not at all.</returns>
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

    /// <summary>Remembers a condition that looks up its references when everything is read.</summary>
    internal void ResolveLater(IReferringCondition condition) => _referringConditions.Add(condition);

    /// <summary>Adds the rules of a flag, in place of those of an earlier flag of the same id.</summary>
    internal void AddFlag(long flagId, RuleReference[] rules) => _rulesByFlag[flagId] = rules;

    /// <summary>Lets every condition look up what it refers to; everything is read by now.</summary>
    internal void ResolveReferences() => _referringConditions.ForEach(condition => condition.Resolve(this));
}

/// <summary>The ids by which conditions refer to a rule of a flag.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RuleReference(long Id, long ExperimentId);

/// <summary>A condition that refers to another part of the data file by id.</summary>
internal interface IReferringCondition
{
    /// <summary>Looks up what the condition refers to; called once, when everything is read.</summary>
    void Resolve(TargetingCatalogue catalogue);
}
