using System.Globalization;
using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Builds the addresses of the platform from the settings and, for the data API, from the data file.</summary>
internal sealed class PlatformEndpoints(IOptions<KameleoonOptions> options)
{
    private readonly KameleoonOptions _options = options.Value;

    internal Uri Stream => At(_options.Endpoints.Stream, "events", "kameleoon.eu",
        $"/sse?siteCode={Uri.EscapeDataString(_options.SiteCode)}", port: ":8110");

    /// <param name="timestamp">The timestamp of the announced version, so that caches do not return an older
    /// one.</param>
    internal Uri DataFile(long? timestamp = null)
    {
        var environment = _options.Environment is null or "" or "production"
            ? ""
            : $"environment={Uri.EscapeDataString(_options.Environment)}";
        var announced = string.Create(CultureInfo.InvariantCulture, $"ts={timestamp}");
        var query = (environment, timestamp) switch
        {
            ("", null) => "",
            (_, null) => "?" + environment,
            ("", _) => "?" + announced,
            _ => $"?{environment}&{announced}",
        };
        return At(_options.Endpoints.Configuration, "sdk-config", "kameleoon.eu",
            $"/v3/{Uri.EscapeDataString(_options.SiteCode)}{query}");
    }

    internal Uri Token => At(_options.Endpoints.Api, "api", "kameleoon.com",
        $"/oauth/token?sdkName={Uri.EscapeDataString(_options.SdkName)}"
        + $"&sdkVersion={Uri.EscapeDataString(_options.SdkVersion)}&siteCode={Uri.EscapeDataString(_options.SiteCode)}");

    internal Uri Tracking(DataFile? dataFile) => Data(dataFile, $"/visit/events?sdkName={Uri.EscapeDataString(_options.SdkName)}"
        + $"&sdkVersion={Uri.EscapeDataString(_options.SdkVersion)}"
        + $"&siteCode={Uri.EscapeDataString(_options.SiteCode)}&bodyUa=true");

    /// <param name="dataFile">The data file, which may name the host; null before the first.</param>
    /// <param name="query">The query, without the site code.</param>
    internal Uri Visitor(DataFile? dataFile, string query) =>
        Data(dataFile, $"/visit/visitor?siteCode={Uri.EscapeDataString(_options.SiteCode)}{query}");

    /// <param name="dataFile">The data file, which may name the host; null before the first.</param>
    /// <param name="key">The key of the map.</param>
    internal Uri Map(DataFile? dataFile, string key) => Data(
        dataFile, $"/map/map?siteCode={Uri.EscapeDataString(_options.SiteCode)}&key={Uri.EscapeDataString(key)}");

    /// <summary>Returns the address of the browser engine, or its path in this application.</summary>
    internal static string Engine(KameleoonOptions options) =>
        (options.Endpoints.Engine?.OriginalString.TrimEnd('/') ?? $"https://{options.SiteCode}.kameleoon.io") + "/engine.js";

    private Uri Data(DataFile? dataFile, string path)
    {
        // The value comes from the network. Only a host name is accepted: no scheme, port, user or path.
        if (_options.Endpoints.Tracking is null && dataFile?.DataApiDomain is { } named
            && HostNames.Normalize(named) is var domain && HostNames.IsDomain(domain))
        {
            return _options.NetworkDomain is null
                ? new Uri($"https://{domain}{path}")
                : At(null, domain[..domain.IndexOf('.', StringComparison.Ordinal)], "", path);
        }

        return At(_options.Endpoints.Tracking, "data", "kameleoon.io", path);
    }

    private Uri At(Uri? configured, string label, string domain, string path, string port = "")
    {
        if (configured is not null)
        {
            return new Uri(configured.AbsoluteUri.TrimEnd('/') + path);
        }

        var network = _options.NetworkDomain is { } own ? HostNames.Normalize(own) : domain;
        return new Uri($"https://{label}.{network}{port}{path}");
    }
}
