namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests whether the visitor is new or returning.</summary>
internal sealed class NewVisitorsCondition(ConditionSource source) : Condition(source)
{
    private readonly bool? _isNew = source.Fields.VisitorType switch
    {
        "NEW" => true,
        "RETURNING" => false,
        _ => null,
    };

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => _isNew switch
    {
        true => "is new",
        false => "is returning",
        null => "can never match",
    };

    internal override string? GetActual(IVisitorFacts visitor) => IsNew(visitor) ? "new" : "returning";

    protected override bool Holds(ref TargetingContext context) => _isNew == IsNew(context.Visitor);

    private static bool IsNew(IVisitorFacts visitor) => visitor.PreviousVisits is null or { Count: 0 };
}
