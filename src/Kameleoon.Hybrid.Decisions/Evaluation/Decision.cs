namespace Kameleoon.Hybrid.Decisions;

/// <summary>The outcome of deciding one flag for one visitor.</summary>
/// <param name="Variation">What the visitor gets, with the reason.</param>
/// <param name="RunsInBrowser">Whether the engine has to run code of the variation, not only report it.</param>
/// <param name="Holdout">The visitor's variation of the site's holdout experiment, when it was assigned on the way;
/// it is an exposure of its own, whether the visitor is held out or not.</param>
public readonly record struct Decision(Variation Variation, bool RunsInBrowser = false, Variation? Holdout = null);
