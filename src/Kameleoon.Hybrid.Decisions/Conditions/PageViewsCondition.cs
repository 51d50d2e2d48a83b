using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks how many pages were viewed.</summary>
internal sealed class PageViewsCondition(ConditionDocument source) : Condition(source)
{
    private readonly NumberMatch _match = new(source.Fields.MatchType);
    private readonly long _expected = source.Fields.PageCount ?? long.MaxValue;

    internal override Basis Basis => Basis.Request;

    internal override string Wanted => _match.Describe(_expected);

    internal override string? Found(IVisitorFacts visitor) =>
        visitor.PageViewCount?.ToString(CultureInfo.InvariantCulture);

    protected override bool Holds(ref TargetingContext context) =>
        context.Visitor.PageViewCount is { } count && _match.Matches(count, _expected);
}
