using System.Collections.Immutable;
using System.Diagnostics;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>One feature flag of a data file, compiled for deciding.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
[DebuggerDisplay("{Key}")]
public sealed class FeatureFlag
{
    private readonly Variation _default;

    internal FeatureFlag(
        long id,
        string key,
        bool environmentEnabled,
        string defaultVariationKey,
        IReadOnlyDictionary<string, Variation> variations,
        ImmutableArray<Rule> rules,
        int? bucketingIndex)
    {
        Id = id;
        Key = key;
        EnvironmentEnabled = environmentEnabled;
        DefaultVariationKey = defaultVariationKey;
        Variations = variations;
        Rules = rules;
        RuleTable = rules;
        BucketingIndex = bucketingIndex;
        Basis = rules.Select(rule => rule.Segment.Basis).DefaultIfEmpty().Max();
        RunsInBrowser = variations.Values.Any(variation => variation.Variables.Values.Any(v => v.RunsInBrowser));

        _default = variations.GetValueOrDefault(defaultVariationKey) ?? Variation.Bare(defaultVariationKey);
        HeldOut = _default.As(DecisionReason.Holdout);
        Excluded = _default.As(DecisionReason.Group);
        Refused = _default.As(DecisionReason.Consent);
        SimulatedDefault = _default.As(DecisionReason.Simulated);

        var off = variations.GetValueOrDefault(Variation.OffKey) ?? Variation.Bare(Variation.OffKey);
        Disabled = off.As(DecisionReason.Disabled);
        Blocked = off.As(DecisionReason.Consent);
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
    public IReadOnlyDictionary<string, Variation> Variations { get; }

    /// <summary>The rules in the order in which they are tried.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>Whether any variation carries a JS or CSS variable, which the browser engine has to run.</summary>
    public bool RunsInBrowser { get; }

    internal ImmutableArray<Rule> RuleTable { get; }

    /// <summary>What a decision rests on.</summary>
    internal Basis Basis { get; }

    /// <summary>Its place among the flags of the data file.</summary>
    internal int Index { get; set; }

    internal KeptDecisions Kept { get; } = new();

    internal int? BucketingIndex { get; }

    internal ExclusiveGroup? Group { get; set; }

    internal Variation Default => _default;

    internal Variation HeldOut { get; }

    internal Variation Excluded { get; }

    internal Variation Refused { get; }

    internal Variation SimulatedDefault { get; }

    internal Variation Disabled { get; }

    internal Variation Blocked { get; }
}
