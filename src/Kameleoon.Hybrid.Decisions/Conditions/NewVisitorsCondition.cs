namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks whether the visitor was here before.</summary>
internal sealed class NewVisitorsCondition(ConditionDocument source) : Condition(source)
{
    private readonly bool? _isNew = source.Fields.VisitorType switch
    {
        "NEW" => true,
        "RETURNING" => false,
        _ => null,
    };

    internal override Basis Basis => Basis.Request;

    internal override string Wanted => _isNew switch
    {
        true => "is new",
        false => "is returning",
        null => "can never match",
    };

    internal override string? Found(IVisitorFacts visitor) => IsNew(visitor) ? "new" : "returning";

    protected override bool Holds(ref TargetingContext context) => _isNew == IsNew(context.Visitor);

    private static bool IsNew(IVisitorFacts visitor) => visitor.PreviousVisits is null or { Count: 0 };
}
