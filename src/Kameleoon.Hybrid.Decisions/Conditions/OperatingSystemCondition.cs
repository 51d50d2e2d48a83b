namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the operating system.</summary>
internal sealed class OperatingSystemCondition(ConditionSource source) : Condition(source)
{
    private readonly OperatingSystemType? _expected = source.Fields.Os switch
    {
        "WINDOWS" => OperatingSystemType.Windows,
        "MAC" => OperatingSystemType.Mac,
        "IOS" => OperatingSystemType.Ios,
        "LINUX" => OperatingSystemType.Linux,
        "ANDROID" => OperatingSystemType.Android,
        "WINDOWS_PHONE" => OperatingSystemType.WindowsPhone,
        _ => null,
    };

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected => $"is {_expected?.ToString() ?? "unknown to this library"}";

    internal override string? GetActual(IVisitorFacts visitor) => visitor.OperatingSystem?.ToString();

    protected override bool Holds(ref TargetingContext context) =>
        _expected is { } expected && context.Visitor.OperatingSystem == expected;
}
