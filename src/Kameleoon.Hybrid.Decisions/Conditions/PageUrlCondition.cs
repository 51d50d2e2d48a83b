namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks for the address of the page viewed last.</summary>
internal sealed class PageUrlCondition(ConditionDocument source, TargetingCatalogue catalogue) : Condition(source)
{
    private readonly TextMatch _match = TextMatch.Of(source.Fields.MatchType, source.Fields.Url, catalogue.Warnings);

    internal override Basis Basis => Basis.Request;

    internal override string Wanted => _match.ToString();

    internal override string? Found(IVisitorFacts visitor) => visitor.LatestPage?.Address;

    protected override bool Holds(ref TargetingContext context) =>
        context.Visitor.LatestPage is { } page && _match.Matches(page.Address);
}

/// <summary>Asks for the title of the page viewed last.</summary>
internal sealed class PageTitleCondition(ConditionDocument source, TargetingCatalogue catalogue) : Condition(source)
{
    private readonly TextMatch _match = TextMatch.Of(source.Fields.MatchType, source.Fields.Title, catalogue.Warnings);

    internal override Basis Basis => Basis.Request;

    internal override string Wanted => _match.ToString();

    internal override string? Found(IVisitorFacts visitor) => visitor.LatestPage?.Title;

    protected override bool Holds(ref TargetingContext context) =>
        context.Visitor.LatestPage is { } page && _match.Matches(page.Title ?? "");
}

/// <summary>Asks for the address of the page before the one viewed last.</summary>
internal sealed class PreviousPageCondition(ConditionDocument source, TargetingCatalogue catalogue) : Condition(source)
{
    private readonly TextMatch _match = TextMatch.Of(source.Fields.MatchType, source.Fields.Url, catalogue.Warnings);

    internal override Basis Basis => Basis.Request;

    internal override string Wanted => _match.ToString();

    internal override string? Found(IVisitorFacts visitor) => visitor.PreviousPage?.Address;

    protected override bool Holds(ref TargetingContext context) =>
        context.Visitor.PreviousPage is { } page && _match.Matches(page.Address);
}
