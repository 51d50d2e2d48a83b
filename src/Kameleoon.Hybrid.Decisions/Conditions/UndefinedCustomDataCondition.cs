namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests that a custom data slot has no value.</summary>
internal sealed class UndefinedCustomDataCondition(ConditionSource source) : CustomDataCondition(source)
{
    protected override string ExpectedValue => "is unknown";

    protected override bool Holds(ref TargetingContext context) => Values(context.Visitor) is null;

    protected override bool Passes(string value) => false;
}
