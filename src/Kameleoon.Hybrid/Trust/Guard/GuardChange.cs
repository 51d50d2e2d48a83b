namespace Kameleoon.Hybrid;

/// <summary>A guarded variation was withheld, is tried again, or is given again.</summary>
/// <param name="State">The state from now on.</param>
/// <param name="Variation">The key of the variation.</param>
/// <param name="Kind">What was bad, or null if nothing is.</param>
/// <param name="Sentence">What happened, and why in numbers.</param>
internal sealed record GuardChange(GuardState State, string Variation, GuardSigns? Kind, string Sentence);
