using System.Globalization;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Collects every wrong setting at once, so that one restart mends them all.</summary>
internal sealed class KameleoonOptionsRules : IValidateOptions<KameleoonOptions>
{
    private const int MaxMaxVisitors = 100_000_000;

    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        void Require(bool holds, string sentence)
        {
            if (!holds)
            {
                problems.AddError(sentence);
            }
        }

        Require(!string.IsNullOrWhiteSpace(options.SiteCode),
            "Kameleoon:SiteCode is empty. Set it to the site code of your project on the platform.");
        Require(string.IsNullOrWhiteSpace(options.SiteCode) || HostNames.IsDomain(options.SiteCode + ".site"),
            $"Kameleoon:SiteCode is '{options.SiteCode}'. Site codes have letters and digits only, such as abcde12345.");
        RequireVisible("SdkName", options.SdkName);
        RequireVisible("SdkVersion", options.SdkVersion);
        Require(string.IsNullOrEmpty(options.ClientId) == string.IsNullOrEmpty(options.ClientSecret),
            "Only one of Kameleoon:ClientId and Kameleoon:ClientSecret is set. Set both, or neither.");
        RequireBetween("RefreshInterval", options.RefreshInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        RequireBetween("StartTimeout", options.StartTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        RequireBetween("StopTimeout", options.StopTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        RequireBetween("RequestTimeout", options.RequestTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        RequireBetween("TrackingInterval", options.TrackingInterval, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        RequireBetween("SessionDuration", options.SessionDuration, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        Require(options.MaxVisitors is >= 1 and <= MaxMaxVisitors, string.Create(CultureInfo.InvariantCulture,
            $"Kameleoon:MaxVisitors is {options.MaxVisitors}. Set it to a number from 1 to {MaxMaxVisitors}."));
        RequireKnown("Simulation", options.Simulation);
        RequireKnown("ExposureBy", options.ExposureBy);
        RequireKnown("QueryParameter", options.QueryParameter);
        Require(options.SeenPath is ['/', _, ..],
            $"Kameleoon:SeenPath is '{options.SeenPath}'. Set it to a path of this application that starts with '/'.");
        Require(options.NetworkDomain is null || IsHostName(HostNames.Normalize(options.NetworkDomain)),
            $"Kameleoon:NetworkDomain is '{options.NetworkDomain}'. Set it to a domain such as example.com, without "
            + "scheme, port or path.");
        Require(options.Cookie.Domain is null || CanCarryCookies(HostNames.Normalize(options.Cookie.Domain)),
            $"Kameleoon:Cookie:Domain is '{options.Cookie.Domain}', which no browser accepts. Set it to a registrable "
            + "domain such as example.com, or leave it out for a cookie of the request's host.");
        RequireEndpoint("Configuration", options.Endpoints.Configuration);
        RequireEndpoint("Events", options.Endpoints.Events);
        RequireEndpoint("Data", options.Endpoints.Data);
        RequireEndpoint("Api", options.Endpoints.Api);
        RequireEndpoint("Engine", options.Endpoints.Engine, pathAllowed: true);
        return problems.Build();

        void RequireBetween(string setting, TimeSpan value, TimeSpan least, TimeSpan most) =>
            Require(value >= least && value <= most, string.Create(CultureInfo.InvariantCulture,
                $"Kameleoon:{setting} is {value:c}. Set it to a time from {least:c} to {most:c}."));

        void RequireVisible(string setting, string value) =>
            Require(value.Length > 0 && !value.AsSpan().ContainsAnyExceptInRange('!', '~'),
                $"Kameleoon:{setting} is '{value}'. Set it to a text of visible ASCII characters without blanks.");

        void RequireKnown<T>(string setting, T value)
            where T : struct, Enum =>
            Require(Enum.IsDefined(value),
                $"Kameleoon:{setting} is {value}. Set it to one of {string.Join(", ", Enum.GetNames<T>())}.");

        void RequireEndpoint(string setting, Uri? value, bool pathAllowed = false) =>
            Require(value is null || (value.IsAbsoluteUri ? IsBase(value) : pathAllowed && IsPath(value)),
                $"Kameleoon:Endpoints:{setting} is '{value}'. Set it to an http or https address without query.");
    }

    internal static bool IsBase(Uri value) =>
        value.Scheme is "http" or "https" && value.Query.Length == 0 && value.Fragment.Length == 0;

    internal static bool IsPath(Uri value) => value.OriginalString is ['/', not '/', ..] text && !text.Contains('?', StringComparison.Ordinal);

    private static bool IsHostName(string domain) => domain is "localhost" || HostNames.IsDomain(domain);

    // Browsers refuse cookies for a single label, for localhost by name, and for an address.
    private static bool CanCarryCookies(string domain) => HostNames.IsDomain(domain);
}
