namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the title of the page viewed last.</summary>
internal sealed class PageTitleCondition(ConditionSource source, TargetingCatalogue catalogue) : Condition(source)
{
    private readonly TextMatch _match =
        TextMatch.Create(source.Fields.MatchType, source.Fields.Title, catalogue.Warnings);

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => _match.ToString();

    internal override string? GetActual(IVisitorFacts visitor) => visitor.LatestPage?.Title;

    protected override bool Holds(ref TargetingContext context) =>
        context.Visitor.LatestPage is { } page && _match.Matches(page.Title ?? "");
}
