namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the SDK language and, if the data file gives one, its version.</summary>
internal sealed class SdkLanguageCondition(ConditionSource source) : Condition(source)
{
    private readonly string _language = source.Fields.SdkLanguage ?? "";
    private readonly bool _anyVersion = string.IsNullOrEmpty(source.Fields.Version);
    private readonly NumberMatch _match = new(source.Fields.VersionMatchType);
    private readonly VersionNumber? _version = VersionNumber.Parse(source.Fields.Version);

    internal override FactDependency DependsOn => FactDependency.Session;

    internal override string Expected => _anyVersion ? $"is {_language}"
        : _version is { } version ? $"is {_language}, whose version {_match.Describe(version)}" : "can never match";

    internal override string? GetActual(IVisitorFacts visitor) => $"{visitor.SdkLanguage} {visitor.SdkVersion}";

    protected override bool Holds(ref TargetingContext context) =>
        string.Equals(context.Visitor.SdkLanguage, _language, StringComparison.Ordinal)
        && (_anyVersion || (_version is { } expected
            && VersionNumber.Parse(context.Visitor.SdkVersion) is { } version
            && _match.Matches(version, expected)));
}
