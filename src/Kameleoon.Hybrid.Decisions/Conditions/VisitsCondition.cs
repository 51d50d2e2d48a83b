using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the number of known visits, including the current one.</summary>
internal sealed class VisitsCondition(ConditionSource source) : Condition(source)
{
    private readonly NumberMatch _match = new(source.Fields.MatchType);
    private readonly long? _expected = source.Fields.VisitCount is { } count and not -1 ? count : null;

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => _expected is { } expected ? _match.Describe(expected) : "can never match";

    internal override string? GetActual(IVisitorFacts visitor) => Count(visitor).ToString(CultureInfo.InvariantCulture);

    protected override bool Holds(ref TargetingContext context) =>
        _expected is { } expected && _match.Matches(Count(context.Visitor), expected);

    private static long Count(IVisitorFacts visitor) => (visitor.PreviousVisits?.Count ?? 0) + 1L;
}
