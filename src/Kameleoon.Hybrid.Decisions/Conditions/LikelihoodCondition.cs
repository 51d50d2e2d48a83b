using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the likelihood of a conversion that the platform computed.</summary>
internal sealed class LikelihoodCondition(ConditionSource source) : Condition(source)
{
    private readonly long? _keyMomentId = source.Fields.KeyMomentId;
    private readonly long? _goalId = source.Fields.GoalId;
    private readonly double _low = source.Fields.LowerBound ?? double.NaN;
    private readonly double _high = source.Fields.UpperBound ?? double.NaN;

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => string.Create(
        CultureInfo.InvariantCulture, $"of goal {_goalId} at moment {_keyMomentId} is from {_low} to {_high}");

    internal override string? GetActual(IVisitorFacts visitor) => Find(visitor)?.ToString(CultureInfo.InvariantCulture);

    protected override bool Holds(ref TargetingContext context) =>
        Find(context.Visitor) is { } likelihood && _low <= likelihood && likelihood <= _high;

    private double? Find(IVisitorFacts visitor) =>
        _keyMomentId is { } moment && _goalId is { } goal ? visitor.GetLikelihood(moment, goal) : null;
}
