using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests whether the visitor was assigned by a rule of a flag.</summary>
internal sealed class FeatureFlagCondition : Condition, IReferringCondition
{
    private readonly long _flagId;
    private readonly long? _ruleId;
    private readonly string? _variationKey;
    private readonly VisitScope _scope;
    private readonly IReadOnlyDictionary<long, string> _variationKeys;
    private long[] _experiments = [];

    internal FeatureFlagCondition(ConditionSource source, TargetingCatalogue catalogue)
        : base(source)
    {
        _flagId = source.Fields.FeatureFlagId ?? 0;
        _ruleId = source.Fields.RuleId is { } id and > 0 ? id : null;
        _variationKey = source.Fields.VariationKey is { Length: > 0 } key ? key : null;
        _scope = new VisitScope(source, currentVisitByDefault: true);
        _variationKeys = catalogue.VariationKeys;
        catalogue.ResolveLater(this);
    }

    internal override FactDependency DependsOn => FactDependency.Assignments;

    internal override string Expected => string.Create(
        CultureInfo.InvariantCulture, $"{_flagId}: {_variationKey ?? "any variation"} {_scope}");

    internal override string? GetActual(IVisitorFacts visitor)
    {
        var found = _experiments
            .Select(experiment => visitor.FindAssignment(experiment))
            .OfType<Assignment>()
            .Select(assignment => KeyOf(assignment.VariationId) ?? "an unknown variation")
            .ToArray();
        return found is [] ? null : string.Join(", ", found);
    }

    public void Resolve(TargetingCatalogue catalogue) =>
        _experiments = catalogue.FindExperiments(_flagId, _ruleId);

    protected override bool Holds(ref TargetingContext context)
    {
        var since = _scope.StartFor(context.Visitor);
        foreach (var experiment in _experiments)
        {
            if (context.Visitor.FindAssignment(experiment) is { } assignment
                && assignment.Time >= since
                && (_variationKey is null
                    || string.Equals(KeyOf(assignment.VariationId), _variationKey, StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    private string? KeyOf(long variationId) => _variationKeys.GetValueOrDefault(variationId);
}
