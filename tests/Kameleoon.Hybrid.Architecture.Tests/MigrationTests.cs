using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Whoever comes from the official C# SDK finds whatever they used there.</summary>
public sealed partial class MigrationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "migration.md"));

    /// <summary>What the documentation and changelog of the official SDK name, up to version 4.22.</summary>
    public static TheoryData<string> Official =>
    [
        "KameleoonClientFactory.Create", "KameleoonClientFactory.Forget",
        "client_id", "clientId", "client_secret", "clientSecret", "refresh_interval_minute", "refreshIntervalMinute",
        "session_duration_minute", "sessionDurationMinute", "default_timeout_millisecond", "defaultTimeoutMillisecond",
        "tracking_interval_millisecond", "trackingIntervalMilliseconds", "environment", "top_level_domain", "topLevelDomain",
        "proxy_host", "network_domain", "networkDomain",
        "WaitInit", "GetVisitorCode", "SetLegalConsent", "IsFeatureActive", "GetVariation", "GetVariations", "SetForcedVariation",
        "EvaluateAudiences", "AddData", "Flush", "TrackConversion", "GetEngineTrackingCode", "GetRemoteData",
        "GetRemoteVisitorData", "GetVisitorWarehouseAudience", "UpdateConfigurationHandler", "GetDataFile",
        "isUniqueIdentifier", "GetFeatureList", "GetFeatureVariationKey", "GetFeatureVariable", "GetFeatureVariationVariables",
        "GetActiveFeatures", "GetActiveFeatureListForVisitor", "CustomData.Id",
        "Browser", "PageView", "Conversion", "CustomData", "Device", "OperatingSystem", "Geolocation", "UserAgent", "Cookie",
        "UniqueIdentifier", "ApplicationVersion",
        "Variation", "Variable", "RemoteVisitorDataFilter", "DataFile", "FeatureFlag", "Rule",
        "KameleoonException", "SiteCodeIsEmpty", "ConfigCredentialsInvalid", "VisitorCodeInvalid", "FeatureException",
        "FeatureNotFound", "FeatureVariationNotFound", "FeatureVariableNotFound", "FeatureEnvironmentDisabled",
        "FeatureExperimentNotFound", "InvalidConfigurationData",
        "LogLevel", "KameleoonLogger",
    ];

    [Theory]
    [MemberData(nameof(Official))]
    public void Every_official_name_has_its_row(string name) => Regex.IsMatch(
        Page, $@"^\| (`\w+`, )?`{Regex.Escape(name)}`", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).ShouldBeTrue();

    [Fact]
    public async Task Every_method_that_the_page_names_in_its_place_exists()
    {
        var api = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "api", "Kameleoon.Hybrid.txt"));
        var start = api.IndexOf("interface Kameleoon.Hybrid.IKameleoonClient\n", StringComparison.Ordinal);
        var client = api[start..api.IndexOf("\n\n", start, StringComparison.Ordinal)];
        var methods = Methods.Matches(Page).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();

        methods.Count.ShouldBeGreaterThan(15);
        methods.ShouldAllBe(method => client.Contains($" {method}("));
    }

    [GeneratedRegex(@"client\.(?<name>[A-Z]\w+)\(", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Methods { get; }
}
