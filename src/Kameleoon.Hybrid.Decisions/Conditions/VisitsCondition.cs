using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks how many visits are known, this one included.</summary>
internal sealed class VisitsCondition(ConditionDocument source) : Condition(source)
{
    private readonly NumberMatch _match = new(source.Fields.MatchType);
    private readonly long? _expected = source.Fields.VisitCount is { } count and not -1 ? count : null;

    internal override Basis Basis => Basis.Request;

    internal override string Wanted => _expected is { } expected ? _match.Describe(expected) : "can never match";

    internal override string? Found(IVisitorFacts visitor) => Count(visitor).ToString(CultureInfo.InvariantCulture);

    protected override bool Holds(ref TargetingContext context) =>
        _expected is { } expected && _match.Matches(Count(context.Visitor), expected);

    private static long Count(IVisitorFacts visitor) => (visitor.PreviousVisits?.Count ?? 0) + 1L;
}
