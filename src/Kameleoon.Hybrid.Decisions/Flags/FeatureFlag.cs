using System.Collections.Immutable;
using System.Diagnostics;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>One feature flag of a data file, compiled for deciding.</summary>
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

    /// <summary>The variation that visitors get whom no rule decides.</summary>
    public string DefaultVariationKey { get; }

    /// <summary>The catalogue of variations, by key; their ids are null.</summary>
    public IReadOnlyDictionary<string, Variation> Variations => _catalogue.Variations;

    /// <summary>The rules in the order in which they are tried.</summary>
    public IReadOnlyList<Rule> Rules => field ??= RuleTable;

    /// <summary>Whether any variation carries a JS or CSS variable, which the browser engine has to run.</summary>
    public bool RunsInBrowser => Outcomes.RunsInBrowser;

    internal ImmutableArray<Rule> RuleTable { get; }

    internal bool DeliversToTargets { get; private set; }

    /// <summary>What a decision rests on.</summary>
    internal Basis Basis { get; private set; }

    /// <summary>Its place among the flags of the data file.</summary>
    internal int Index { get; private set; }

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

    // Made by the first decision instead of for all flags while reading; once, as decisions are told apart by them.
    private FlagOutcomes Outcomes =>
        _outcomes
        ?? Interlocked.CompareExchange(ref _outcomes, new FlagOutcomes(_catalogue, DefaultVariationKey), comparand: null)
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

    /// <summary>Gives the flag its place, now that the segments of its rules are read.</summary>
    internal void Place(int index)
    {
        Index = index;
        foreach (var rule in RuleTable)
        {
            Basis = rule.Segment.Basis > Basis ? rule.Segment.Basis : Basis;
            DeliversToTargets |= rule.IsTargetedDelivery;
        }
    }
}

/// <summary>What a flag gives where no rule has a say.</summary>
internal sealed class FlagOutcomes
{
    internal FlagOutcomes(VariationCatalogue catalogue, string defaultKey)
    {
        RunsInBrowser = catalogue.RunsInBrowser;
        Default = catalogue.Find(defaultKey);
        HeldOut = Default.As(DecisionReason.Holdout);
        Excluded = Default.As(DecisionReason.Group);
        Refused = Default.As(DecisionReason.Consent);
        SimulatedDefault = Default.As(DecisionReason.Simulated);
        ForBot = Default.As(DecisionReason.Bot);

        var off = catalogue.Find(Variation.OffKey);
        Disabled = off.As(DecisionReason.Disabled);
        Blocked = off.As(DecisionReason.Consent);
    }

    internal bool RunsInBrowser { get; }

    internal Variation Default { get; }

    internal Variation HeldOut { get; }

    internal Variation Excluded { get; }

    internal Variation Refused { get; }

    internal Variation SimulatedDefault { get; }

    internal Variation ForBot { get; }

    internal Variation Disabled { get; }

    internal Variation Blocked { get; }
}
