using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests whether the visitor converted.</summary>
internal sealed class ConversionCondition(ConditionSource source) : Condition(source)
{
    private readonly long? _goalId = source.Fields.GoalId is { } id and not -1 ? id : null;
    private readonly VisitScope _scope = new(source, currentVisitByDefault: false);

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected =>
        $"to {(_goalId is { } id ? $"goal {id.ToString(CultureInfo.InvariantCulture)}" : "any goal")} {_scope}";

    internal override string? GetActual(IVisitorFacts visitor) => Holds(visitor) ? "there" : null;

    protected override bool Holds(ref TargetingContext context) => Holds(context.Visitor);

    private bool Holds(IVisitorFacts visitor) => visitor.HasConversion(_goalId, _scope.StartFor(visitor));
}
