using System.Collections.Immutable;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The flags of a data file, with the settings, hashed ids and decisions that they share.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class SiteFlags
{
    private readonly HashedId[] _sharedIds;
    private readonly SharedDecisions[] _decisions;

    internal SiteFlags(
        ImmutableArray<FeatureFlag> flags,
        Holdout? holdout,
        bool consentRequired,
        bool refusalBlocksEverything)
    {
        Flags = flags;
        Holdout = holdout;
        ConsentRequired = consentRequired;
        RefusalBlocksEverything = refusalBlocksEverything;
        for (var i = 0; i < flags.Length; i++)
        {
            var flag = flags[i];
            flag.Place(i);
            Basis = flag.Basis > Basis ? flag.Basis : Basis;
            HasTargetedDelivery |= flag.EnvironmentEnabled && flag.DeliversToTargets;
        }

        _sharedIds = SharedHashes.Of(holdout, flags);
        _decisions = new SharedDecisions[flags.Length];
    }

    internal ImmutableArray<FeatureFlag> Flags { get; }

    internal Holdout? Holdout { get; }

    internal bool ConsentRequired { get; }

    internal bool RefusalBlocksEverything { get; }

    /// <summary>Whether an enabled flag has a delivery rule.</summary>
    internal bool HasTargetedDelivery { get; }

    /// <summary>What the decisions rest on that rest on the most.</summary>
    internal Basis Basis { get; }

    /// <summary>The ids of the holdout, which comes first, and of the exclusive groups.</summary>
    internal ReadOnlySpan<HashedId> SharedIds => _sharedIds;

    /// <summary>Whether a flag belongs to this data file.</summary>
    internal bool Has(FeatureFlag flag) =>
        (uint)flag.Index < (uint)Flags.Length && ReferenceEquals(Flags[flag.Index], flag);

    /// <summary>Whether the visitor refused a consent that the site requires.</summary>
    /// <remarks>An unknown consent blocks the report of an experiment, not the experiment.</remarks>
    internal bool IsRefusedBy(IVisitorFacts visitor) => ConsentRequired && visitor.Consent == Consent.Refused;

    /// <summary>Finds or adds the object that all visitors with the same decision share.</summary>
    /// <param name="decision">A decision about a flag of this data file.</param>
    internal SharedDecision Share(in Decision decision) => _decisions[decision.Flag!.Index].Share(decision);
}
