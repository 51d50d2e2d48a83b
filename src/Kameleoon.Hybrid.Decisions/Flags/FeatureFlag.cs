using System.Collections.Immutable;
using System.Diagnostics;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>One feature flag of a data file.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
[DebuggerDisplay("{Key}")]
public sealed class FeatureFlag
{
    private readonly VariationCatalogue _catalogue;
    private FlagOutcomes? _outcomes;

    internal FeatureFlag(
        long id,
        string key,
        bool environmentEnabled,
        string defaultVariationKey,
        VariationCatalogue catalogue,
        ImmutableArray<Rule> rules)
    {
        Id = id;
        Key = key;
        EnvironmentEnabled = environmentEnabled;
        DefaultVariationKey = defaultVariationKey;
        RuleTable = rules;
        _catalogue = catalogue;
    }

    /// <summary>The numeric identity of the flag.</summary>
    public long Id { get; }

    /// <summary>The key applications use.</summary>
    public string Key { get; }

    /// <summary>Whether the flag is on in the environment the data file was requested for.</summary>
    public bool EnvironmentEnabled { get; }

    /// <summary>The key of the variation that a visitor gets when no rule applies.</summary>
    public string DefaultVariationKey { get; }

    /// <summary>The catalogue of variations, by key; their ids are null.</summary>
    public IReadOnlyDictionary<string, Variation> Variations => _catalogue.Variations;

    /// <summary>The rules in the order in which they are tried.</summary>
    public IReadOnlyList<Rule> Rules => field ??= RuleTable;

    /// <summary>Whether any variation carries a JS or CSS variable, which the browser engine has to run.</summary>
    public bool RunsInBrowser => Outcomes.RunsInBrowser;

    internal ImmutableArray<Rule> RuleTable { get; }

    /// <summary>Whether a rule is a targeted delivery.</summary>
    internal bool HasDeliveryRule { get; private set; }

    /// <summary>The shortest-lived facts that a decision about the flag depends on.</summary>
    internal FactDependency DependsOn { get; private set; }

    /// <summary>The position among the flags of the data file.</summary>
    internal int Index { get; private set; }

    /// <summary>The custom data slot whose value is hashed instead of the visitor's code, or null for none.</summary>
    internal int? BucketingIndex { get; set; }

    internal ExclusiveGroup? Group { get; set; }

    internal Variation Default => Outcomes.Default;

    internal Variation HeldOut => Outcomes.HeldOut;

    internal Variation Excluded => Outcomes.Excluded;

    internal Variation Refused => Outcomes.Refused;

    internal Variation SimulatedDefault => Outcomes.SimulatedDefault;

    internal Variation ForBot => Outcomes.ForBot;

    internal Variation Disabled => Outcomes.Disabled;

    internal Variation Blocked => Outcomes.Blocked;

    // Created by the first decision, because most flags of a data file are never decided. Created only once, because
    // decisions are compared by reference.
    private FlagOutcomes Outcomes =>
        _outcomes
        ?? Interlocked.CompareExchange(
            ref _outcomes, new FlagOutcomes(_catalogue, DefaultVariationKey), comparand: null)
        ?? _outcomes;

    /// <summary>Finds the first rule of an experiment.</summary>
    /// <param name="experimentId">The experiment's id.</param>
    /// <returns>The rule, or null when the flag has none of that experiment.</returns>
    internal Rule? FindRule(long experimentId)
    {
        foreach (var rule in RuleTable)
        {
            if (rule.ExperimentId == experimentId)
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>Sets the position and what depends on the rules; called once, when all segments are read.</summary>
    internal void Complete(int index)
    {
        Index = index;
        foreach (var rule in RuleTable)
        {
            DependsOn = rule.Segment.DependsOn > DependsOn ? rule.Segment.DependsOn : DependsOn;
            HasDeliveryRule |= rule.IsTargetedDelivery;
        }
    }
}
