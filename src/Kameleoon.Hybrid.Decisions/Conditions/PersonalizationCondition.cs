using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks whether the visitor saw a personalization of the platform.</summary>
internal sealed class PersonalizationCondition(ConditionDocument source) : Condition(source)
{
    private readonly long _id = source.Fields.PersonalizationId ?? -1;
    private readonly VisitScope _scope = new(source, currentVisitByDefault: true);

    internal override Basis Basis => Basis.Request;

    internal override string Wanted => string.Create(CultureInfo.InvariantCulture, $"{_id} {_scope}");

    internal override string? Found(IVisitorFacts visitor) => Holds(visitor) ? "there" : null;

    protected override bool Holds(ref TargetingContext context) => Holds(context.Visitor);

    private bool Holds(IVisitorFacts visitor) =>
        _id != -1 && visitor.HasPersonalization(_id, _scope.Since(visitor));
}
