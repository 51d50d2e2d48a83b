using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests whether the visitor was assigned in an experiment.</summary>
internal sealed class ExperimentCondition(ConditionSource source) : Condition(source)
{
    private readonly long _experimentId = source.Fields.ExperimentId ?? -1;
    private readonly bool _any = source.Fields.VariationMatchType is "ANY";
    private readonly long? _variationId =
        source.Fields.VariationMatchType is "EXACT" ? source.Fields.VariationId ?? -1 : null;

    private readonly VisitScope _scope = new(source, currentVisitByDefault: true);

    internal override FactDependency DependsOn => FactDependency.Assignments;

    internal override string Expected => string.Create(
        CultureInfo.InvariantCulture,
        $"{_experimentId}: {(_any ? "any variation" : _variationId is { } id ? $"variation {id}" : "never")} {_scope}");

    internal override string? GetActual(IVisitorFacts visitor) => Text(visitor.FindAssignment(_experimentId));

    internal override string? GetActual(in TargetingContext context) => Text(context.FindAssignment(_experimentId));

    protected override bool Holds(ref TargetingContext context) =>
        context.FindAssignment(_experimentId) is { } assignment
        && assignment.Time >= _scope.StartFor(context.Visitor)
        && (_any || assignment.VariationId == _variationId);

    private static string? Text(Assignment? assignment) =>
        assignment?.VariationId.ToString(CultureInfo.InvariantCulture);
}
