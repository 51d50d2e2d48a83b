namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks for the code the caller gave, which need not be the one that is hashed.</summary>
internal sealed class VisitorCodeCondition(ConditionDocument source, TargetingCatalogue catalogue) : Condition(source)
{
    private readonly TextMatch _match =
        TextMatch.Of(source.Fields.MatchType, source.Fields.VisitorCode, catalogue.Warnings);

    internal override Basis Basis => Basis.Session;

    internal override string Wanted => _match.ToString();

    internal override string? Found(IVisitorFacts visitor) => $"\"{visitor.VisitorCode}\"";

    protected override bool Holds(ref TargetingContext context) => _match.Matches(context.Visitor.VisitorCode);
}
