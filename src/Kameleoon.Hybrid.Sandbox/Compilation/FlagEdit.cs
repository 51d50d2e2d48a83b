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
    /// <summary>Says what is wrong with it in any project, or null.</summary>
    /// <remarks>JSON may have null in a list or among the values of an object, whatever their declared type is.</remarks>
    internal string? Problem =>
        Forced?.Any(forced => forced is null or { Variation: null }) is true ? "Each item of forced is an object with a variation."
        : Rules?.Values.Any(rule => rule is null) is true ? "Each value of rules is an object."
        : Rules?.Values.Any(rule => !rule.IsPossible) is true
            ? "Traffic must be from 0 to 1. Weights must be from 0 to 1000000, and at least one must be above 0."
        : null;

    internal bool IsEmpty => Enabled is null && Rules is null or { Count: 0 } && Forced is null or { Count: 0 };
}

/// <summary>Changes to a rule of a flag.</summary>
/// <param name="Traffic">The share of visitors who take part, from 0 to 1.</param>
/// <param name="Weights">The parts of the variations, in any unit; those not named get nothing.</param>
internal sealed record RuleEdit(double? Traffic = null, IReadOnlyDictionary<string, double>? Weights = null)
{
    internal bool IsPossible => Traffic is null or (>= 0 and <= 1)
        && (Weights is null || (Weights.Values.All(weight => weight is >= 0 and <= ProjectRules.MaxWeight) && Weights.Values.Sum() > 0));
}

/// <summary>A variation for one visitor, or for all when <paramref name="Visitor"/> is null.</summary>
internal sealed record ForcedVariation(string Variation, string? Visitor = null);
