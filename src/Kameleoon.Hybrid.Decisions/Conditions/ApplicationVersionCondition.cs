namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the version of the visitor's application.</summary>
internal sealed class ApplicationVersionCondition(ConditionSource source) : Condition(source)
{
    private readonly NumberMatch _match = new(source.Fields.VersionMatchType);
    private readonly VersionNumber? _expected = VersionNumber.Parse(source.Fields.Version);

    internal override FactDependency DependsOn => FactDependency.Session;

    internal override string Expected => _expected is { } expected ? _match.Describe(expected) : "can never match";

    internal override string? GetActual(IVisitorFacts visitor) => visitor.ApplicationVersion;

    protected override bool Holds(ref TargetingContext context) =>
        _expected is { } expected
        && context.Visitor.ApplicationVersion is { } text
        && VersionNumber.Parse(text) is { } version
        && _match.Matches(version, expected);
}
