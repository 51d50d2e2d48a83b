using System.Collections.Immutable;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The flags of a data file, with the settings, hash suffixes and decisions that they share.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class SiteFlags
{
    private readonly KeyedMap<FeatureFlag> _byKey;
    private readonly HashSuffix[] _sharedSuffixes;
    private readonly SharedDecisions[] _decisions;

    internal SiteFlags(
        KeyedMap<FeatureFlag> byKey,
        Holdout? holdout,
        bool consentRequired,
        bool refusalBlocksEverything)
    {
        ImmutableArray<FeatureFlag> flags = [.. byKey.Values];
        _byKey = byKey;
        Flags = flags;
        Holdout = holdout;
        ConsentRequired = consentRequired;
        RefusalBlocksEverything = refusalBlocksEverything;
        for (var i = 0; i < flags.Length; i++)
        {
            var flag = flags[i];
            flag.Complete(i);
            DependsOn = flag.DependsOn > DependsOn ? flag.DependsOn : DependsOn;
            HasTargetedDelivery |= flag.EnvironmentEnabled && flag.HasDeliveryRule;
        }

        _sharedSuffixes = CollectSuffixes(holdout, flags);
        _decisions = new SharedDecisions[flags.Length];
    }

    internal ImmutableArray<FeatureFlag> Flags { get; }

    internal Holdout? Holdout { get; }

    internal bool ConsentRequired { get; }

    internal bool RefusalBlocksEverything { get; }

    /// <summary>Whether an enabled flag has a delivery rule.</summary>
    internal bool HasTargetedDelivery { get; }

    /// <summary>The shortest-lived facts that any decision about these flags depends on.</summary>
    internal FactDependency DependsOn { get; }

    /// <summary>The hash suffixes of the holdout, which comes first, and of the exclusive groups.</summary>
    internal ReadOnlySpan<HashSuffix> SharedSuffixes => _sharedSuffixes;

    /// <summary>Finds a flag by its key, compared ordinally.</summary>
    internal FeatureFlag? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Whether a flag belongs to this data file.</summary>
    internal bool Has(FeatureFlag flag) =>
        (uint)flag.Index < (uint)Flags.Length && ReferenceEquals(Flags[flag.Index], flag);

    /// <summary>Whether the visitor refused a consent that the site requires.</summary>
    /// <remarks>An unknown consent blocks the report of an experiment, not the experiment.</remarks>
    internal bool IsRefusedBy(IVisitorFacts visitor) => ConsentRequired && visitor.Consent == Consent.Refused;

    /// <summary>Finds or adds the object that all visitors with the same decision share.</summary>
    /// <param name="decision">A decision about a flag of this data file.</param>
    internal SharedDecision Share(in Decision decision) => _decisions[decision.Flag!.Index].Share(decision);

    private static HashSuffix[] CollectSuffixes(Holdout? holdout, ImmutableArray<FeatureFlag> flags)
    {
        var suffixes = new List<HashSuffix>();
        if (holdout is not null)
        {
            suffixes.Add(holdout.Suffix);
        }

        foreach (var group in flags.Select(flag => flag.Group).OfType<ExclusiveGroup>().Distinct())
        {
            group.SharedHashIndex = suffixes.Count;
            suffixes.Add(group.Suffix);
        }

        return [.. suffixes];
    }
}
