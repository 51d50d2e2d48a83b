namespace Kameleoon.Hybrid.Decisions;

/// <summary>A variation that the application forces for one experiment of a visitor.</summary>
/// <remarks>
/// Holdout, exclusive groups, disabled flags and earlier rules are evaluated before. Created by <see
/// cref="DataFile.TryForce"/>.
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

    /// <summary>Whether visitors outside the rule's segment get it too.</summary>
    public bool ForceTargeting { get; }
}
