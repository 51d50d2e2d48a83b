using System.Globalization;
using Microsoft.Extensions.Options;
using static Kameleoon.Hybrid.SettingChecks;

namespace Kameleoon.Hybrid;

/// <summary>Collects every wrong setting at once, so that one restart mends them all.</summary>
internal sealed class KameleoonOptionsRules : IValidateOptions<KameleoonOptions>
{
    private const int MaxMaxVisitors = 100_000_000;

    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var check = new SettingChecks();
        check.Require(!string.IsNullOrWhiteSpace(options.SiteCode),
            "Kameleoon:SiteCode is empty. Set it to the site code of your project on the platform.");
        check.Require(string.IsNullOrWhiteSpace(options.SiteCode) || HostNames.IsDomain(options.SiteCode + ".site"),
            $"Kameleoon:SiteCode is '{options.SiteCode}'. Site codes have letters and digits only, such as abcde12345.");
        check.RequireVisible("SdkName", options.SdkName);
        check.RequireVisible("SdkVersion", options.SdkVersion);
        check.Require(string.IsNullOrEmpty(options.ClientId) == string.IsNullOrEmpty(options.ClientSecret),
            "Only one of Kameleoon:ClientId and Kameleoon:ClientSecret is set. Set both, or neither.");
        check.RequireBetween("RefreshInterval", options.RefreshInterval, TimeSpan.FromSeconds(1), OneDay);
        check.RequireBetween("StartTimeout", options.StartTimeout, TimeSpan.Zero, OneMinute);
        check.RequireBetween("StopTimeout", options.StopTimeout, TimeSpan.Zero, OneMinute);
        check.RequireBetween("RequestTimeout", options.RequestTimeout, TimeSpan.FromMilliseconds(100), OneMinute);
        check.RequireBetween("TrackingInterval", options.TrackingInterval, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        check.RequireBetween("SessionDuration", options.SessionDuration, OneMinute, OneDay);
        check.RequireBetween("MaxVisitors", options.MaxVisitors, 1, MaxMaxVisitors);
        check.RequireKnown("Simulation", options.Simulation);
        check.RequireKnown("ExposureBy", options.ExposureBy);
        check.RequireKnown("QueryParameter", options.QueryParameter);
        check.Require(options.SeenPath is ['/', _, ..],
            $"Kameleoon:SeenPath is '{options.SeenPath}'. Set it to a path of this application that starts with '/'.");
        check.Require(options.NetworkDomain is null || IsHostName(HostNames.Normalize(options.NetworkDomain)),
            $"Kameleoon:NetworkDomain is '{options.NetworkDomain}'. Set it to a domain such as example.com, without "
            + "scheme, port or path.");
        check.Require(options.Cookie.Domain is null || CanCarryCookies(HostNames.Normalize(options.Cookie.Domain)),
            $"Kameleoon:Cookie:Domain is '{options.Cookie.Domain}', which no browser accepts. Set it to a registrable "
            + "domain such as example.com, or leave it out for a cookie of the request's host.");
        check.RequireEndpoint("Configuration", options.Endpoints.Configuration);
        check.RequireEndpoint("Events", options.Endpoints.Events);
        check.RequireEndpoint("Data", options.Endpoints.Data);
        check.RequireEndpoint("Api", options.Endpoints.Api);
        check.RequireEndpoint("Engine", options.Endpoints.Engine, pathAllowed: true);
        RequireConfiguration(check, options);
        RequireResilience(check, "Configuration", options.Resilience.Configuration);
        RequireResilience(check, "Data", options.Resilience.Data);
        RequireResilience(check, "Api", options.Resilience.Api);
        return check.Result;
    }

    private static void RequireConfiguration(SettingChecks check, KameleoonOptions options)
    {
        var settings = options.Configuration;
        var least = TimeSpan.FromMilliseconds(10);
        check.RequireKnown("Configuration:Mode", settings.Mode);
        check.RequireKnown("Configuration:Start", settings.Start);
        check.Require(settings.Start != StartMode.Require || options.StartTimeout > TimeSpan.Zero,
            "Kameleoon:Configuration:Start is Require, but Kameleoon:StartTimeout is 0, which leaves no time to get a data "
            + "file. Set it to 5 seconds or more.");
        check.Require(settings.File is not "" && settings.LastGoodCopyFolder is not "",
            "Kameleoon:Configuration:File or Kameleoon:Configuration:LastGoodCopyFolder is empty. Set it to a path, or "
            + "leave it out.");
        check.Require(settings.File is null || settings.Mode == ConfigurationMode.Polling,
            $"Kameleoon:Configuration:Mode is {settings.Mode}, but Kameleoon:Configuration:File names a file, which is "
            + "watched. Leave one of them out.");
        check.RequireBetween("Configuration:StaleAfter",
            settings.StaleAfter ?? OneDay, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        check.RequireBetween("Configuration:RetryDelay", settings.RetryDelay, least, OneHour);
        check.RequireBetween("Configuration:ReconnectDelay", settings.ReconnectDelay, least, OneHour);
        check.RequireBetween("Configuration:MaxReconnectDelay", settings.MaxReconnectDelay, least, OneHour);
        check.RequireBetween("Configuration:HeartbeatTimeout", settings.HeartbeatTimeout, TimeSpan.FromSeconds(1), OneHour);
    }

    private static void RequireResilience(SettingChecks check, string endpoint, KameleoonEndpointResilience settings)
    {
        var place = "Resilience:" + endpoint;
        var (least, half) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500));
        check.RequireBetween(place + ":AttemptTimeout", settings.AttemptTimeout ?? OneMinute, least, OneMinute);
        check.RequireBetween(place + ":TotalTimeout", settings.TotalTimeout ?? OneMinute, least, 10 * OneMinute);
        check.RequireBetween(place + ":Retries", settings.Retries, 0, 10);
        check.RequireBetween(place + ":RetryDelay", settings.RetryDelay, TimeSpan.FromMilliseconds(1), OneMinute);
        check.RequireBetween(place + ":MaxRetryAfter", settings.MaxRetryAfter, TimeSpan.Zero, 5 * OneMinute);
        check.Require(settings.BreakRatio is > 0 and <= 1, string.Create(CultureInfo.InvariantCulture,
            $"Kameleoon:{place}:BreakRatio is {settings.BreakRatio}. Set it to a number above 0, up to 1."));
        check.RequireBetween(place + ":BreakAttempts", settings.BreakAttempts, 2, 10_000);
        check.RequireBetween(place + ":BreakWindow", settings.BreakWindow, half, OneHour);
        check.RequireBetween(place + ":BreakDuration", settings.BreakDuration, half, OneHour);
    }

    private static bool IsHostName(string domain) => domain is "localhost" || HostNames.IsDomain(domain);

    // Browsers refuse cookies for a single label, for localhost by name, and for an address.
    private static bool CanCarryCookies(string domain) => HostNames.IsDomain(domain);
}
