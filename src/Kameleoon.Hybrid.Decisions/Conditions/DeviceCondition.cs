namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks for the kind of device.</summary>
internal sealed class DeviceCondition(ConditionDocument source) : Condition(source)
{
    private readonly DeviceType? _expected = source.Fields.Device switch
    {
        "PHONE" => DeviceType.Phone,
        "TABLET" => DeviceType.Tablet,
        "DESKTOP" => DeviceType.Desktop,
        _ => null,
    };

    internal override Basis Basis => Basis.Request;

    internal override string Wanted => $"is {_expected?.ToString() ?? "unknown to this library"}";

    internal override string? Found(IVisitorFacts visitor) => visitor.Device?.ToString();

    protected override bool Holds(ref TargetingContext context) =>
        _expected is { } expected && context.Visitor.Device == expected;
}
