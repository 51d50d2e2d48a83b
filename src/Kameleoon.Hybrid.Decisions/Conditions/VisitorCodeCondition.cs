namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the visitor code, even where another code is hashed.</summary>
internal sealed class VisitorCodeCondition(ConditionSource source, TargetingCatalogue catalogue) : Condition(source)
{
    private readonly TextMatch _match =
        TextMatch.Create(source.Fields.MatchType, source.Fields.VisitorCode, catalogue.Warnings);

    internal override FactDependency DependsOn => FactDependency.Session;

    internal override string Expected => _match.ToString();

    internal override string? GetActual(IVisitorFacts visitor) => $"\"{visitor.VisitorCode}\"";

    protected override bool Holds(ref TargetingContext context) => _match.Matches(context.Visitor.VisitorCode);
}
