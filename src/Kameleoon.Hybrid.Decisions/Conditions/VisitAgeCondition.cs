using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests how long ago the first or the last of the earlier visits started.</summary>
internal sealed class VisitAgeCondition(ConditionSource source, bool first) : Condition(source)
{
    private readonly NumberMatch _match = new(source.Fields.MatchType);
    private readonly double? _expected = Milliseconds(source.Fields);

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected =>
        _expected is { } expected ? $"{_match.Describe(expected)} milliseconds ago" : "can never match";

    internal override string? GetActual(IVisitorFacts visitor) =>
        Age(visitor) is { } age ? string.Create(CultureInfo.InvariantCulture, $"{age} milliseconds ago") : null;

    protected override bool Holds(ref TargetingContext context) =>
        _expected is { } expected && Age(context.Visitor) is { } age && _match.Matches(age, expected);

    private double? Age(IVisitorFacts visitor) => visitor.PreviousVisits is [_, ..] visits
        ? Math.Floor((visitor.Now - visits[first ? visits.Count - 1 : 0]).TotalMilliseconds)
        : null;

    private static double? Milliseconds(ConditionFields source)
    {
        if (source.CountInMillis is { } milliseconds)
        {
            return milliseconds == -1 ? null : milliseconds;
        }

        TimeSpan? unit = source.UnitOfTime switch
        {
            "MINUTE" => TimeSpan.FromMinutes(1),
            "HOUR" => TimeSpan.FromHours(1),
            "DAY" => TimeSpan.FromDays(1),
            "WEEK" => TimeSpan.FromDays(7),
            "MONTH" => TimeSpan.FromDays(30),
            _ => null,
        };
        return source.Count * unit?.TotalMilliseconds;
    }
}
