using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The settings of the library, read from the configuration section <c>Kameleoon</c>.</summary>
/// <remarks>Validated when the application starts. An invalid value fails the start with an error that names the
/// setting.</remarks>
public sealed class KameleoonOptions
{
    /// <summary>The configuration section: <c>Kameleoon</c>.</summary>
    public const string SectionName = "Kameleoon";

    /// <summary>The project's site code. Required.</summary>
    public string SiteCode { get; set; } = "";

    /// <summary>The client id of the platform's API credentials. Without it events are sent without a token.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client secret of the platform's API credentials. Keep it out of source control.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>The environment whose flags are decided, for example <c>staging</c>. Default: production.</summary>
    public string? Environment { get; set; }

    /// <summary>The hosts whose requests belong to this project, when the application has several projects:
    /// <c>shop.example.com</c>, or <c>*.example.com</c> for all its subdomains. The default project gets all other
    /// requests and has no hosts. Default: none.</summary>
    public IList<string> Hosts { get; } = [];

    /// <summary>Returns the name of a request's project, for example by its tenant. Set it in code, on the default
    /// project. Default: none, so <see cref="Hosts"/> decides. A null result leaves the choice to the hosts. A name
    /// that no project has selects the default project and is logged once. Called during each request, concurrently,
    /// so it must not block.</summary>
    public Func<HttpContext, string?>? SelectProject { get; set; }

    /// <summary>Where the data file comes from, and how the application behaves during an outage.</summary>
    public KameleoonConfigurationOptions Configuration { get; } = new();

    /// <summary>The longest time between two polls of the data file. Each interval is shortened at random by up to a
    /// tenth, so that many servers do not poll at the same time. Default 60 minutes; 1 second to 1 day.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>
    /// How long the application's start waits for the first data file before it continues without one, or fails; see
    /// <see cref="KameleoonConfigurationOptions.Start"/>. Default 5 seconds; 0 (do not wait) to 1 minute.
    /// </summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The timeout of one attempt of a request to the platform. Default 10 seconds;
    /// 100 milliseconds to 1 minute.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Timeouts, retries and circuit breakers for each endpoint of the platform.</summary>
    public KameleoonResilienceOptions Resilience { get; } = new();

    /// <summary>The time between two batches of events. Default 1 second; 1 to 5 seconds, as the platform
    /// requires.</summary>
    public TimeSpan TrackingInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the application's stop may wait for the last events to be sent. Events left after that are
    /// dropped and counted. Default 5 seconds; 0 to 1 minute.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many events wait while the platform does not accept them, and for how long.</summary>
    public KameleoonTrackingOptions Tracking { get; } = new();

    /// <summary>A domain that replaces the platform's own in every host name, typically that of a proxy. An entry of
    /// <see cref="Endpoints"/> takes precedence. Default: none.</summary>
    public string? NetworkDomain { get; set; }

    /// <summary>The proxy through which the platform is reached, for example <c>http://proxy.internal:3128</c>; with a
    /// user name and password in the address if the proxy requires them. Default: what the environment says
    /// (<c>HTTPS_PROXY</c>, <c>ALL_PROXY</c>, <c>NO_PROXY</c>; the system's settings on Windows and macOS).</summary>
    public Uri? Proxy { get; set; }

    /// <summary>Base addresses that replace those of the platform.</summary>
    public KameleoonEndpointsOptions Endpoints { get; } = new();

    /// <summary>How pages load the browser engine.</summary>
    public KameleoonEngineOptions Engine { get; } = new();

    /// <summary>Who reports the exposures of a page. Default <see cref="ExposureOwner.Engine"/>.</summary>
    public ExposureOwner ExposureBy { get; set; } = ExposureOwner.Engine;

    /// <summary>
    /// The path under which pages tell the server of exposures that the engine did not take: browsers without
    /// JavaScript, and pages that were left before the engine ran. Default <c>/kameleoon/seen</c>, with <c>/name</c> for a project
    /// of that name.
    /// </summary>
    public string SeenPath { get; set; } = "/kameleoon/seen";

    /// <summary>The visitor-code cookie.</summary>
    public KameleoonCookieOptions Cookie { get; } = new();

    /// <summary>How a visitor's consent is read and applied, when the data file requires consent.</summary>
    public KameleoonConsentOptions Consent { get; } = new();

    /// <summary>One visitor code for each signed-in user, on every device. Used once a store of visitor links is
    /// added.</summary>
    public KameleoonIdentityOptions Identity { get; } = new();

    /// <summary>How servers share the data of visitors, once <c>AddSharedSessions</c> is called.</summary>
    public KameleoonSharedSessionOptions SharedSessions { get; } = new();

    /// <summary> Returns the visitor code of the request's user, for example from the application's user table. It
    /// takes precedence over the browser's code and replaces it in the cookie. Set it in code. Default: none. The
    /// browser's code stays when the result is null, when the function throws, and when a cookie cannot carry the
    /// code. Place the middleware after authentication to use it.</summary>
    public Func<HttpContext, ValueTask<string?>>? LinkedVisitorCode { get; set; }

    /// <summary> Returns the visitor code of a request that has none. Set it in code. Default: none. A new code is
    /// generated when the result is null, when the function throws, and when a cookie cannot carry the code.</summary>
    public Func<HttpContext, string?>? DefaultVisitorCode { get; set; }

    /// <summary>Whether a visitor code in the query parameter <c>kameleoonVisitorCode</c> is adopted when the request
    /// has no cookie. Default <see cref="QueryParameterPolicy.SameSite"/>.</summary>
    public QueryParameterPolicy QueryParameter { get; set; } = QueryParameterPolicy.SameSite;

    /// <summary>Whether a page whose address brought the visitor code is redirected to the address without it, once the
    /// cookie carries the code, so that a shared address does not share the visitor. Default false.</summary>
    public bool QueryParameterRedirect { get; set; }

    /// <summary>All domains that share their visitors, this application's own one included. Links to the others carry the
    /// visitor code (<c>kameleoon-cross-domain</c>), and a request with the parameter <c>kameleoonVisitorCode</c> takes it
    /// over when its referrer is a page of one of the others. Default: none. Each is a registrable domain such as
    /// example.com.</summary>
    public IList<string> CrossDomains { get; } = [];

    /// <summary>How requests for pages that a browser prefetches or prerenders are answered. Default
    /// <see cref="PrefetchPolicy.Serve"/>.</summary>
    public PrefetchPolicy Prefetch { get; set; } = PrefetchPolicy.Serve;

    /// <summary>Further names of request headers by which scripts of the application fetch pages ahead. A request that has
    /// one counts as fetched ahead unless its value is empty, <c>0</c> or <c>false</c>. Default none; those of browsers,
    /// Turbo, htmx and Next.js are known.</summary>
    public IList<string> PrefetchHeaders { get; } = [];

    /// <summary>Which requests count as bots.</summary>
    public KameleoonBotsOptions Bots { get; } = new();

    /// <summary>How long a visitor's data, forced variations and assignments stay in memory after the visitor's last
    /// request. Default 30 minutes; 1 minute to 1 day.</summary>
    public TimeSpan SessionDuration { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The largest number of visitors in memory. Beyond it, visitors without recent requests are evicted.
    /// Default 1,000,000; 1 to 100,000,000.</summary>
    public int MaxVisitors { get; set; } = 1_000_000;

    /// <summary>The approximate memory of all visitors, in bytes. Beyond it, visitors without recent requests are
    /// evicted. A visitor of whom only a few assignments are known takes about 160 bytes, another
    /// about 290; added data comes on top. Default 512 MB; 1 MB to 1
    /// TB.</summary>
    public long MaxVisitorBytes { get; set; } = 512 * 1024 * 1024;

    /// <summary>How many events wait for each listener of <c>AddListener</c>. Beyond it, new events are dropped and
    /// counted. Default 10,000; 1 to 1,000,000.</summary>
    public int ListenerQueueLength { get; set; } = 10_000;

    /// <summary>Which variations appear on the metrics, activities and log lines of requests.</summary>
    public KameleoonTelemetryOptions Telemetry { get; } = new();

    /// <summary>How experiments are watched, once <c>AddKameleoonTrust</c> is called.</summary>
    public KameleoonTrustOptions Trust { get; } = new();

    /// <summary>What conditions may read from the request when the application added no data of that kind.</summary>
    public KameleoonRequestFactsOptions RequestFacts { get; } = new();

    /// <summary>Where a visitor's browser may choose variations by the platform's simulation cookie. Default
    /// <see cref="SimulationPolicy.DevelopmentOnly"/>, because any visitor can write a cookie.</summary>
    public SimulationPolicy Simulation { get; set; } = SimulationPolicy.DevelopmentOnly;

    /// <summary>The signed overrides that <c>MapKameleoonOverrides</c> issues.</summary>
    public KameleoonOverridesOptions Overrides { get; } = new();

    /// <summary>Whether deciding a flag that the data file does not have throws instead of returning <c>off</c>. Meant
    /// for Development, to find misspelt keys. In production an archived flag would break pages. Default
    /// false.</summary>
    public bool ThrowOnUnknownFeature { get; set; }

    /// <summary>The SDK name announced to the platform, which targeting and reports see. Default
    /// <c>CSHARP</c>.</summary>
    public string SdkName { get; set; } = "CSHARP";

    /// <summary>The SDK version announced to the platform. Default: the official version this library is equal to.
    /// </summary>
    public string SdkVersion { get; set; } = "4.22.0";

    /// <summary>Whether the server reports an exposure once in a session. By default if the engine reports the exposures of
    /// pages.</summary>
    internal bool ReportsExposuresOnce => Tracking.ExposureDeduplication ?? ExposureBy == ExposureOwner.Engine;
}
