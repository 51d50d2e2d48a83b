namespace Kameleoon.Hybrid.Decisions;

/// <summary>A condition of a type that only browsers can test, or of a newer type: always met.</summary>
/// <remarks>The official SDKs take such conditions as true.</remarks>
internal sealed class UnsupportedCondition(ConditionSource source) : Condition(source)
{
    internal override FactDependency DependsOn => FactDependency.Session;

    internal override string Expected => "a condition that servers cannot judge and take as true";

    internal override string? GetActual(IVisitorFacts visitor) => null;

    protected override bool Holds(ref TargetingContext context) => true;
}
