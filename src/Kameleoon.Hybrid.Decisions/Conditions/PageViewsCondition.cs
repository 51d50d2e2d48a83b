using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests how many pages were viewed.</summary>
internal sealed class PageViewsCondition(ConditionSource source) : Condition(source)
{
    private readonly NumberMatch _match = new(source.Fields.MatchType);
    private readonly long _expected = source.Fields.PageCount ?? long.MaxValue;

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => _match.Describe(_expected);

    internal override string? GetActual(IVisitorFacts visitor) =>
        visitor.PageViewCount?.ToString(CultureInfo.InvariantCulture);

    protected override bool Holds(ref TargetingContext context) =>
        context.Visitor.PageViewCount is { } count && _match.Matches(count, _expected);
}
