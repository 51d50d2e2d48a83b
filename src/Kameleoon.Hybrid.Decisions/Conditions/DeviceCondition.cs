namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the kind of device.</summary>
internal sealed class DeviceCondition(ConditionSource source) : Condition(source)
{
    private readonly DeviceType? _expected = source.Fields.Device switch
    {
        "PHONE" => DeviceType.Phone,
        "TABLET" => DeviceType.Tablet,
        "DESKTOP" => DeviceType.Desktop,
        _ => null,
    };

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => $"is {_expected?.ToString() ?? "unknown to this library"}";

    internal override string? GetActual(IVisitorFacts visitor) => visitor.Device?.ToString();

    protected override bool Holds(ref TargetingContext context) =>
        _expected is { } expected && context.Visitor.Device == expected;
}
