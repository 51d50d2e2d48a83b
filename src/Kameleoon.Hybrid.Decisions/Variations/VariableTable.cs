namespace Kameleoon.Hybrid.Decisions;

/// <summary>The variables of a variation, with the callback for variables that are read as another type.</summary>
internal sealed class VariableTable(
    KeyedMap<Variable> variables,
    string featureKey = "",
    Action<VariableMismatch>? mismatch = null)
{
    internal static VariableTable Empty { get; } = new(KeyedMap<Variable>.Empty);

    internal KeyedMap<Variable> Variables => variables;

    internal void ReportMismatch(string variationKey, Variable variable, string askedType) =>
        mismatch?.Invoke(new VariableMismatch(featureKey, variationKey, variable, askedType));
}
