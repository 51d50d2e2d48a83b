namespace Kameleoon.Hybrid.Decisions;

/// <summary>A variation that a visitor is to get where the rule of its experiment is reached.</summary>
/// <remarks>
/// Holdout, exclusive groups, disabled flags and earlier rules come first. Made by <see cref="DataFile.TryForce"/>.
/// </remarks>
public sealed class ForcedVariation
{
    internal ForcedVariation(Variation variation, bool forceTargeting)
    {
        Variation = variation;
        ForceTargeting = forceTargeting;
    }

    /// <summary>The variation, with the reason <see cref="DecisionReason.Forced"/>.</summary>
    public Variation Variation { get; }

    /// <summary>Whether it is given even to visitors whom the rule's segment leaves out.</summary>
    public bool ForceTargeting { get; }
}

/// <summary>Says what became of a wish to force a variation.</summary>
public enum ForcedVariationResult
{
    /// <summary>It can.</summary>
    Forced,

    /// <summary>No rule of the data file has the experiment.</summary>
    UnknownExperiment,

    /// <summary>The experiment's rule exposes no variation of that key.</summary>
    UnknownVariation,

    /// <summary>Nothing is forced in the experiment any more, as was asked.</summary>
    Withdrawn,
}
