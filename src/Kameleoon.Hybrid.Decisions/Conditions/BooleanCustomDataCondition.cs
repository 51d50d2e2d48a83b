namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests whether a custom data value is <c>true</c> or <c>false</c>.</summary>
internal sealed class BooleanCustomDataCondition(ConditionSource source) : CustomDataCondition(source)
{
    private readonly string _expected = source.Fields.ValueMatchType is "TRUE" ? "true" : "false";

    protected override string ExpectedValue => $"is {_expected}";

    protected override bool Passes(string value) => value.Equals(_expected, StringComparison.OrdinalIgnoreCase);
}
