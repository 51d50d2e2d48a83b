namespace Kameleoon.Hybrid.Decisions;

/// <summary>A condition that only the browser can judge, or a newer one; the official SDKs take it as true.</summary>
internal sealed class UnknownCondition(ConditionDocument source) : Condition(source)
{
    internal override Basis Basis => Basis.Session;

    internal override string Wanted => "a condition that servers cannot judge and take as true";

    internal override string? Found(IVisitorFacts visitor) => null;

    protected override bool Holds(ref TargetingContext context) => true;
}
