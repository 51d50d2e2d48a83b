using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Tests the browser and, if the data file gives one, its version.</summary>
internal sealed class BrowserCondition(ConditionSource source) : Condition(source)
{
    private readonly BrowserType _expected = source.Fields.Browser switch
    {
        "CHROME" => BrowserType.Chrome,
        "IE" or "INTERNET_EXPLORER" => BrowserType.InternetExplorer,
        "FIREFOX" => BrowserType.Firefox,
        "SAFARI" => BrowserType.Safari,
        "OPERA" => BrowserType.Opera,
        _ => BrowserType.Other,
    };

    private readonly bool _anyVersion = string.IsNullOrEmpty(source.Fields.Version);
    private readonly NumberMatch _match = new(source.Fields.VersionMatchType);
    private readonly float _version = MajorMinor(VersionNumber.Parse(source.Fields.Version));

    internal override FactDependency DependsOn => FactDependency.Request;

    internal override string Expected =>
        _anyVersion ? $"is {_expected}" : $"is {_expected}, whose version {_match.Describe(_version)}";

    internal override string? GetActual(IVisitorFacts visitor) => visitor.Browser is { } browser
        ? string.Create(CultureInfo.InvariantCulture, $"{browser.Type} {browser.Version}").TrimEnd()
        : null;

    protected override bool Holds(ref TargetingContext context) =>
        context.Visitor.Browser is { } browser
        && browser.Type == _expected
        && (_anyVersion || (browser.Version is { } version && _match.Matches(version, _version)));

    /// <remarks>14.05 becomes 14.5 and 14.10 becomes 14.1, as in the official SDKs; NaN matches nothing.</remarks>
    private static float MajorMinor(VersionNumber? version) => version is { } number
        ? float.Parse(
            string.Create(CultureInfo.InvariantCulture, $"{number.Major}.{number.Minor}"), CultureInfo.InvariantCulture)
        : float.NaN;
}
