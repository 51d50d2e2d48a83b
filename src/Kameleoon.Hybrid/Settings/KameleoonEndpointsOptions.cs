namespace Kameleoon.Hybrid.Settings;

/// <summary>Base addresses, http or https, to which the platform's documented paths are appended.</summary>
public sealed class KameleoonEndpointsOptions
{
    /// <summary>Serves the data file, <c>/v3/{siteCode}</c>. Default <c>https://sdk-config.kameleoon.eu</c>.</summary>
    public Uri? Configuration { get; set; }

    /// <summary>The event stream, which announces changes of the data file, <c>/sse</c>. Default
    /// <c>https://events.kameleoon.eu:8110</c>.
    /// </summary>
    public Uri? Stream { get; set; }

    /// <summary>The data API, which accepts events, <c>/visit/events</c>, and returns remote data,
    /// <c>/visit/visitor</c> and <c>/map/map</c>.
    /// Default: the host that the data file names, else <c>https://data.kameleoon.io</c>.</summary>
    public Uri? Tracking { get; set; }

    /// <summary>Issues access tokens, <c>/oauth/token</c>. Default <c>https://api.kameleoon.com</c>.</summary>
    public Uri? Api { get; set; }

    /// <summary>Serves the browser engine, <c>/engine.js</c>. Default <c>https://{siteCode}.kameleoon.io</c>. A path
    /// such as <c>/_kameleoon</c> is a path of this application.</summary>
    public Uri? Engine { get; set; }
}
