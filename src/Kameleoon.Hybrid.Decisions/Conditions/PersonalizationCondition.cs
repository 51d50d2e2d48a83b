using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests whether the visitor saw a personalization of the platform.</summary>
internal sealed class PersonalizationCondition(ConditionSource source) : Condition(source)
{
    private readonly long _id = source.Fields.PersonalizationId ?? -1;
    private readonly VisitScope _scope = new(source, currentVisitByDefault: true);

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => string.Create(CultureInfo.InvariantCulture, $"{_id} {_scope}");

    internal override string? GetActual(IVisitorFacts visitor) => Holds(visitor) ? "there" : null;

    protected override bool Holds(ref TargetingContext context) => Holds(context.Visitor);

    private bool Holds(IVisitorFacts visitor) =>
        _id != -1 && visitor.HasPersonalization(_id, _scope.StartFor(visitor));
}
