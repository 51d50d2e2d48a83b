using System.Globalization;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Collects every wrong setting at once, so that one restart mends them all.</summary>
internal sealed class KameleoonOptionsValidator : IValidateOptions<KameleoonOptions>
{
    private const int MaxMaxVisitors = 100_000_000;
    private const int MaxObservedFlags = 8;
    private const long Megabyte = 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var problems = new OptionProblems();
        CheckProject(options, problems);
        CheckTimes(options, problems);
        CheckEndpoints(options, problems);
        problems.RequireBetween("MaxVisitors", options.MaxVisitors, 1, MaxMaxVisitors);
        problems.RequireBetween("MaxVisitorBytes", options.MaxVisitorBytes, Megabyte, Megabyte * Megabyte);
        problems.RequireBetween("ListenerQueueLength", options.ListenerQueueLength, 1, 1_000_000);
        CheckTracking(options.Tracking, problems);
        CheckTelemetry(options.Telemetry, problems);
        problems.RequireKnown("Simulation", options.Simulation);
        problems.RequireKnown("ExposureBy", options.ExposureBy);
        return problems.Build();
    }

    private static void CheckProject(KameleoonOptions options, OptionProblems problems)
    {
        problems.Require(!string.IsNullOrWhiteSpace(options.SiteCode),
            "Kameleoon:SiteCode is empty. Set it to the site code of your project on the platform.");
        problems.Require(string.IsNullOrWhiteSpace(options.SiteCode) || HostNames.IsDomain(options.SiteCode + ".site"),
            $"Kameleoon:SiteCode is '{options.SiteCode}'. Site codes have letters and digits only, such as abcde12345.");
        foreach (var host in options.Hosts)
        {
            problems.Require(Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) is not UriHostNameType.Unknown,
                $"Kameleoon:Hosts has '{host}'. Name hosts such as shop.example.com or *.example.com, without scheme and port.");
        }

        problems.Require(options.Proxy is null or { IsAbsoluteUri: true, Scheme: "http" or "https" or "socks5" },
            "Kameleoon:Proxy is no address of a proxy. Set it to one such as http://proxy.internal:3128.");
        problems.RequireVisible("SdkName", options.SdkName);
        problems.RequireVisible("SdkVersion", options.SdkVersion);
        problems.Require(string.IsNullOrEmpty(options.ClientId) == string.IsNullOrEmpty(options.ClientSecret),
            "Only one of Kameleoon:ClientId and Kameleoon:ClientSecret is set. Set both, or neither.");
    }

    private static void CheckTimes(KameleoonOptions options, OptionProblems problems)
    {
        var minute = TimeSpan.FromMinutes(1);
        var day = TimeSpan.FromDays(1);
        problems.RequireBetween("RefreshInterval", options.RefreshInterval, TimeSpan.FromSeconds(1), day);
        problems.RequireBetween("StartTimeout", options.StartTimeout, TimeSpan.Zero, minute);
        problems.RequireBetween("StopTimeout", options.StopTimeout, TimeSpan.Zero, minute);
        problems.RequireBetween("RequestTimeout", options.RequestTimeout, TimeSpan.FromMilliseconds(100), minute);
        problems.RequireBetween(
            "TrackingInterval", options.TrackingInterval, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        problems.RequireBetween(
            "SharedSessions:Timeout", options.SharedSessions.Timeout, TimeSpan.FromMilliseconds(10), minute);
        problems.RequireBetween("SessionDuration", options.SessionDuration, minute, day);
        problems.RequireBetween("Overrides:Lifetime", options.Overrides.Lifetime, minute, 30 * day);
    }

    private static void CheckTracking(KameleoonTrackingOptions tracking, OptionProblems problems)
    {
        var day = TimeSpan.FromDays(1);
        problems.RequireBetween("Tracking:MaxQueuedEvents", tracking.MaxQueuedEvents, 100, 10_000_000);
        problems.RequireBetween("Tracking:MaxQueuedBytes", tracking.MaxQueuedBytes, Megabyte, 4096 * Megabyte);
        problems.RequireBetween(
            "Tracking:MaxOutboxBytes", tracking.MaxOutboxBytes, 4 * Megabyte, Megabyte * Megabyte);
        problems.RequireBetween("Tracking:MaxEventAge", tracking.MaxEventAge, TimeSpan.FromMinutes(1), 7 * day);
        problems.RequireBetween("Tracking:CarryFor", tracking.CarryFor, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        problems.RequireBetween("Tracking:DegradedAfter", tracking.DegradedAfter, TimeSpan.FromSeconds(5), day);
    }

    private static void CheckTelemetry(KameleoonTelemetryOptions telemetry, OptionProblems problems)
    {
        var count = telemetry.Flags.Count;
        problems.Require(count <= MaxObservedFlags, string.Create(CultureInfo.InvariantCulture,
            $"Kameleoon:Telemetry:Flags has {count} flags. Name at most {MaxObservedFlags}, because each multiplies the time series."));
        problems.Require(telemetry.Flags.All(static flag => !string.IsNullOrWhiteSpace(flag)),
            "Kameleoon:Telemetry:Flags has an empty key. Remove it, or name a flag.");
        problems.Require(!telemetry.LogScope || count > 0,
            "Kameleoon:Telemetry:LogScope is true, but Kameleoon:Telemetry:Flags names no flag. Name the flags, or set it to false.");
    }

    private static void CheckEndpoints(KameleoonOptions options, OptionProblems problems)
    {
        problems.Require(options.NetworkDomain is null || IsHostName(HostNames.Normalize(options.NetworkDomain)),
            $"Kameleoon:NetworkDomain is '{options.NetworkDomain}'. Set it to a domain such as example.com, without "
            + "scheme, port or path.");
        problems.RequireEndpoint("Configuration", options.Endpoints.Configuration);
        problems.RequireEndpoint("Stream", options.Endpoints.Stream);
        problems.RequireEndpoint("Tracking", options.Endpoints.Tracking);
        problems.RequireEndpoint("Api", options.Endpoints.Api);
        problems.RequireEndpoint("Engine", options.Endpoints.Engine, pathAllowed: true);
    }

    private static bool IsHostName(string domain) => domain is "localhost" || HostNames.IsDomain(domain);
}
