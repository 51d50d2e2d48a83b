using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests how many visits started today.</summary>
internal sealed class SameDayVisitsCondition(ConditionSource source) : Condition(source)
{
    private readonly NumberMatch _match = new(source.Fields.MatchType);
    private readonly long? _expected = source.Fields.VisitCount is { } count and not -1 ? count : null;

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => _expected is { } expected ? _match.Describe(expected) : "can never match";

    internal override string? GetActual(IVisitorFacts visitor) => Count(visitor).ToString(CultureInfo.InvariantCulture);

    protected override bool Holds(ref TargetingContext context) =>
        _expected is { } expected && _match.Matches(Count(context.Visitor), expected);

    private static long Count(IVisitorFacts visitor)
    {
        var midnight = visitor.StartOfDay;
        var count = visitor.CurrentVisitStart >= midnight ? 1L : 0;
        var previous = visitor.PreviousVisits;
        for (var i = 0; i < previous?.Count && previous[i] >= midnight; i++)
        {
            count++;
        }

        return count;
    }
}
