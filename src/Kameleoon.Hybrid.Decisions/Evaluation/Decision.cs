namespace Kameleoon.Hybrid.Decisions;

/// <summary>The outcome of deciding one flag for one visitor.</summary>
/// <param name="Variation">The variation that the visitor gets, with the reason.</param>
/// <param name="Flag">The flag that was decided, or null when the data file has none of that key.</param>
/// <param name="Rule">The rule that chose the variation, or null when none did.</param>
/// <param name="Holdout">The visitor's variation of the site's holdout experiment, or null when none was assigned;
/// it is a separate exposure, whether the visitor is held out or not.</param>
public readonly record struct Decision(
    Variation Variation,
    FeatureFlag? Flag = null,
    Rule? Rule = null,
    Variation? Holdout = null)
{
    /// <summary>
    /// Whether the flag could be decided. False for an unknown flag, for one that is switched off, and when a refused
    /// consent blocks everything: there the official SDKs throw, and lists of variations leave the flag out.
    /// </summary>
    public bool IsDecided =>
        Flag is not null && !ReferenceEquals(Variation, Flag.Disabled) && !ReferenceEquals(Variation, Flag.Blocked);
}
