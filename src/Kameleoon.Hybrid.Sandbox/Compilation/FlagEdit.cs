namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Changes to a flag that were made on the live page or by a test; the project file stays as it is.</summary>
/// <param name="Enabled">Switches the flag in every environment; null leaves it as the file says.</param>
/// <param name="Rules">Changed rules by id.</param>
/// <param name="Forced">Variations that visitors get instead of the rules; the first match applies.</param>
internal sealed record FlagEdit(
    bool? Enabled = null,
    IReadOnlyDictionary<string, RuleEdit>? Rules = null,
    IReadOnlyList<ForcedVariation>? Forced = null)
{
    internal bool IsEmpty => Enabled is null && Rules is null or { Count: 0 } && Forced is null or { Count: 0 };
}

/// <summary>Changes to a rule of a flag.</summary>
/// <param name="Traffic">The share of visitors who take part, from 0 to 1.</param>
/// <param name="Weights">The parts of the variations, in any unit; those not named get nothing.</param>
internal sealed record RuleEdit(double? Traffic = null, IReadOnlyDictionary<string, double>? Weights = null);

/// <summary>A variation for one visitor, or for all when <paramref name="Visitor"/> is null.</summary>
internal sealed record ForcedVariation(string Variation, string? Visitor = null);
