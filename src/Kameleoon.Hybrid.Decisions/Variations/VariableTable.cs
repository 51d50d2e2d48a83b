namespace Kameleoon.Hybrid.Decisions;

/// <summary>The variables of a variation, and who hears when one of them is read as what it is not.</summary>
internal sealed class VariableTable(
    KeyedMap<Variable> variables,
    string featureKey = "",
    Action<VariableMismatch>? mismatch = null)
{
    internal static VariableTable Empty { get; } = new(KeyedMap<Variable>.Empty);

    internal KeyedMap<Variable> Variables => variables;

    internal void Report(string variationKey, Variable variable, string askedType) =>
        mismatch?.Invoke(new VariableMismatch(featureKey, variationKey, variable, askedType));
}
