namespace Kameleoon.Hybrid.Decisions;

/// <summary>Asks for the version of the visitor's application.</summary>
internal sealed class ApplicationVersionCondition(ConditionDocument source) : Condition(source)
{
    private readonly NumberMatch _match = new(source.Fields.VersionMatchType);
    private readonly VersionNumber? _expected = VersionNumber.Parse(source.Fields.Version);

    internal override Basis Basis => Basis.Session;

    internal override string Wanted => _expected is { } expected ? _match.Describe(expected) : "can never match";

    internal override string? Found(IVisitorFacts visitor) => visitor.ApplicationVersion;

    protected override bool Holds(ref TargetingContext context) =>
        _expected is { } expected
        && context.Visitor.ApplicationVersion is { } text
        && VersionNumber.Parse(text) is { } version
        && _match.Matches(version, expected);
}
