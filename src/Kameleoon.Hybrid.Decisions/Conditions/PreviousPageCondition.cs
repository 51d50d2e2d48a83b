namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the URL of the page before the one viewed last.</summary>
internal sealed class PreviousPageCondition(ConditionSource source, TargetingCatalogue catalogue) : Condition(source)
{
    private readonly TextMatch _match =
        TextMatch.Create(source.Fields.MatchType, source.Fields.Url, catalogue.Warnings);

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => _match.ToString();

    internal override string? GetActual(IVisitorFacts visitor) => visitor.PreviousPage?.Address;

    protected override bool Holds(ref TargetingContext context) =>
        context.Visitor.PreviousPage is { } page && _match.Matches(page.Address);
}
