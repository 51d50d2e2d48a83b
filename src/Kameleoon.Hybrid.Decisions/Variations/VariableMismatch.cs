namespace Kameleoon.Hybrid.Decisions;

/// <summary>
/// A variable that was read as another type than its own, so that the caller's fallback was returned.
/// </summary>
/// <param name="FeatureKey">The flag's key.</param>
/// <param name="VariationKey">The key of the variation.</param>
/// <param name="Variable">The variable.</param>
/// <param name="AskedType">The type that the caller asked for: <c>BOOLEAN</c>, <c>NUMBER</c>, <c>STRING</c>, or
/// <c>JSON</c> with the
/// name of the .NET type.</param>
public readonly record struct VariableMismatch(
    string FeatureKey,
    string VariationKey,
    Variable Variable,
    string AskedType);
