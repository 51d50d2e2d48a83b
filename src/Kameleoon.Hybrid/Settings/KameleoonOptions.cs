using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The settings of the library, read from the configuration section <c>Kameleoon</c>.</summary>
/// <remarks>Checked when the application starts: a wrong value stops it with a sentence that names the setting.</remarks>
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

    /// <summary>The hosts whose requests this project decides, where the application has several:
    /// <c>shop.example.com</c>, or <c>*.example.com</c> for all below it. Not for the default project, which gets all
    /// others. Default: none.</summary>
    public IList<string> Hosts { get; } = [];

    /// <summary>Names the project of a request, for example by its tenant, where the application has several. Set in code
    /// on the default project; default none: <see cref="Hosts"/> tells. Null leaves it to the hosts; a name that no
    /// project has means the default project, and is logged once. Called during each request, so it must not wait.
    /// </summary>
    public Func<HttpContext, string?>? SelectProject { get; set; }

    /// <summary>Where the data file comes from, and what outlives an outage.</summary>
    public KameleoonConfigurationOptions Configuration { get; } = new();

    /// <summary>The longest time between two polls of the data file; chance shortens each by up to a tenth, so that
    /// many servers do not poll together. Default 60 minutes; 1 second to 1 day.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>
    /// How long the application's start waits for the first data file before it serves without one, or fails; see
    /// <see cref="KameleoonConfigurationOptions.Start"/>. Default 5 seconds; 0 (do not wait) to 1 minute.
    /// </summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The time after which one attempt of a request to the platform is given up. Default 10 seconds;
    /// 100 milliseconds to 1 minute.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How patient the library is with each endpoint of the platform.</summary>
    public KameleoonResilience Resilience { get; } = new();

    /// <summary>The time between two batches of events. Default 1 second; 1 to 5 seconds, as the platform asks.</summary>
    public TimeSpan TrackingInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the application's stop may wait for the last events to be sent; what is left then is dropped
    /// and counted. Default 5 seconds; 0 to 1 minute.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How much waits while the platform takes no events, and for how long.</summary>
    public KameleoonTrackingOptions Tracking { get; } = new();

    /// <summary>A domain that stands in for the platform's own in every host name, typically of a proxy. An entry of
    /// <see cref="Endpoints"/> wins over it.</summary>
    public string? NetworkDomain { get; set; }

    /// <summary>The proxy through which the platform is reached, for example <c>http://proxy.internal:3128</c>; with a user
    /// name and password in it if the proxy asks for them. Default: what the environment says
    /// (<c>HTTPS_PROXY</c>).</summary>
    public Uri? Proxy { get; set; }

    /// <summary>Base addresses that replace the platform's own one by one.</summary>
    public KameleoonEndpoints Endpoints { get; } = new();

    /// <summary>How pages load the browser engine.</summary>
    public KameleoonEngineOptions Engine { get; } = new();

    /// <summary>Who reports the exposures of a page. Default <see cref="ExposureOwner.Engine"/>.</summary>
    public ExposureOwner ExposureBy { get; set; } = ExposureOwner.Engine;

    /// <summary>
    /// The path under which browsers without JavaScript confirm that they show a page, so that the server reports its
    /// exposures. Default <c>/kameleoon/seen</c>, with <c>/name</c> for a project of that name.
    /// </summary>
    public string SeenPath { get; set; } = "/kameleoon/seen";

    /// <summary>The visitor-code cookie.</summary>
    public KameleoonCookie Cookie { get; } = new();

    /// <summary>What is done with a visitor's consent, where the data file requires it.</summary>
    public KameleoonConsent Consent { get; } = new();

    /// <summary>One visitor code a person, on every device: in force once a store of links is added.</summary>
    public KameleoonIdentityOptions Identity { get; } = new();

    /// <summary>How servers share what is said of visitors, where <c>AddSharedSessions</c> is called.</summary>
    public KameleoonSharedSessionOptions SharedSessions { get; } = new();

    /// <summary>
    /// The code by which the request's user is already known, for example from the application's user table. It wins
    /// over the browser's and replaces it in the cookie. Set in code; default none. Null, a failure or a code that no
    /// cookie can carry leaves the browser's. Place the middleware after authentication to use it.
    /// </summary>
    public Func<HttpContext, ValueTask<string?>>? LinkedVisitorCode { get; set; }

    /// <summary>
    /// The code for a request that brings none, instead of a new one. Set in code; default none. Null, a failure or a
    /// code that no cookie can carry gives a new one.
    /// </summary>
    public Func<HttpContext, string?>? DefaultVisitorCode { get; set; }

    /// <summary>Whether a visitor code in the query parameter <c>kameleoonVisitorCode</c> is adopted when the request
    /// has no cookie. Default <see cref="QueryParameterPolicy.SameSite"/>.</summary>
    public QueryParameterPolicy QueryParameter { get; set; } = QueryParameterPolicy.SameSite;

    /// <summary>Whether a page whose address brought the visitor code is redirected to the address without it, once the
    /// cookie carries the code: whoever shares the address then shares no visitor. Default false.</summary>
    public bool QueryParameterRedirect { get; set; }

    /// <summary>What becomes of pages that a browser fetches ahead or prerenders. Default
    /// <see cref="PrefetchPolicy.Serve"/>.</summary>
    public PrefetchPolicy Prefetch { get; set; } = PrefetchPolicy.Serve;

    /// <summary>Who is taken for a bot.</summary>
    public KameleoonBots Bots { get; } = new();

    /// <summary>How long what is kept of a visitor in memory outlives the visitor's last request: data, forced
    /// variations, assignments. Default 30 minutes; 1 minute to 1 day.</summary>
    public TimeSpan SessionDuration { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How many visitors are kept in memory; beyond that those leave who were not seen for long. Default
    /// 1,000,000; 1 to 100,000,000.</summary>
    public int MaxVisitors { get; set; } = 1_000_000;

    /// <summary>About how many bytes of memory they take together, beyond which the same leave. A visitor of whom nothing
    /// was said takes about 290; data that is added, such as long custom data, comes on top. Default 512 MB; 1 MB to
    /// 1 TB.</summary>
    public long MaxVisitorBytes { get; set; } = 512 * 1024 * 1024;

    /// <summary>What conditions may read from the request where the application added nothing.</summary>
    public KameleoonRequestFacts RequestFacts { get; } = new();

    /// <summary>Where a visitor's browser may choose variations by the platform's simulation cookie. Default
    /// <see cref="SimulationPolicy.DevelopmentOnly"/>: anybody can write a cookie.</summary>
    public SimulationPolicy Simulation { get; set; } = SimulationPolicy.DevelopmentOnly;

    /// <summary>Whether deciding a flag that the data file does not have throws instead of giving <c>off</c>. For
    /// Development, where a key is misspelt; in production, a flag that is archived would break pages. Default false.
    /// </summary>
    public bool ThrowOnUnknownFeature { get; set; }

    /// <summary>The SDK name announced to the platform, which targeting and reports see. Default <c>CSHARP</c>.</summary>
    public string SdkName { get; set; } = "CSHARP";

    /// <summary>The SDK version announced to the platform. Default: the official version this library is equal to.
    /// </summary>
    public string SdkVersion { get; set; } = "4.22.0";
}

/// <summary>How events are kept until the platform has taken them.</summary>
public sealed class KameleoonTrackingOptions
{
    /// <summary>How many events wait in memory at most, those that are being sent included. Beyond that the oldest goes
    /// that is no conversion, then the oldest conversion, and each is counted. Default 100,000; 100 to 10,000,000.
    /// </summary>
    public int MaxQueuedEvents { get; set; } = 100_000;

    /// <summary>How many bytes of memory they take at most; an exposure of a browser takes about 300. Default 64 MB; 1 MB
    /// to 4 GB.</summary>
    public long MaxQueuedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long an event waits before it is dropped and counted, in memory or in an
    /// <see cref="ITrackingOutbox"/>. The platform counts an event in the visit in which it arrives. Default 2 hours, as
    /// the official PHP SDK; 1 minute to 7 days.</summary>
    public TimeSpan MaxEventAge { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How many bytes the outbox of <c>AddTrackingOutbox</c> holds at most, of all nodes together and for each
    /// project; a batch counts 1 kB more than its lines. Beyond that events wait in memory. Default 256 MB; 4 MB to 1 TB.
    /// </summary>
    public long MaxOutboxBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>How long events wait until the health check of tracking is degraded. Default 1 minute; 5 seconds to
    /// 1 day.</summary>
    public TimeSpan DegradedAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the server reports an exposure of a visitor to a variation once a session, rather than once for
    /// each request that decides. Default: where <see cref="KameleoonOptions.ExposureBy"/> is
    /// <see cref="ExposureOwner.Engine"/>; the official SDKs repeat it.</summary>
    public bool? ExposureDeduplication { get; set; }
}

/// <summary>Base addresses, http or https, to which the platform's documented paths are appended.</summary>
public sealed class KameleoonEndpoints
{
    /// <summary>Serves the data file, <c>/v3/{siteCode}</c>. Default <c>https://sdk-config.kameleoon.eu</c>.</summary>
    public Uri? Configuration { get; set; }

    /// <summary>Announces changes of the data file, <c>/sse</c>. Default <c>https://events.kameleoon.eu:8110</c>.
    /// </summary>
    public Uri? Events { get; set; }

    /// <summary>Takes events, <c>/visit/events</c>. Default: the host the data file names, else
    /// <c>https://data.kameleoon.io</c>.</summary>
    public Uri? Data { get; set; }

    /// <summary>Gives access tokens, <c>/oauth/token</c>. Default <c>https://api.kameleoon.com</c>.</summary>
    public Uri? Api { get; set; }

    /// <summary>Serves the browser engine, <c>/engine.js</c>. Default <c>https://{siteCode}.kameleoon.io</c>. A path
    /// such as <c>/_kameleoon</c> means this application.</summary>
    public Uri? Engine { get; set; }
}

/// <summary>How the visitor-code cookie is written. It is never <c>HttpOnly</c>: the engine has to read it.</summary>
public sealed class KameleoonCookie
{
    /// <summary>The registrable domain to share the visitor with its subdomains, for example <c>example.com</c>.
    /// Default: none, the cookie belongs to the host of the request.</summary>
    public string? Domain { get; set; }

    /// <summary>Whether the cookie is marked <c>Secure</c>. Default: when the request came by https. Behind a proxy,
    /// let the forwarded-headers middleware run first.</summary>
    public bool? Secure { get; set; }

    /// <summary>Whether the browser's cookie tells who the visitor is. Default true; false where the application
    /// always passes the code itself.</summary>
    public bool Read { get; set; } = true;

    /// <summary>Whether the cookie is set only by responses for which a flag was decided or the code asked for, so that
    /// all others stay as they are. Default false.</summary>
    public bool OnlyOnDecision { get; set; }

    /// <summary>The origins of pages on other hosts of <see cref="Domain"/> whose scripts may call the endpoint of
    /// <c>MapKameleoonSync</c>, for example <c>https://www.example.com</c>. Default none.</summary>
    public IList<string> SyncOrigins { get; } = [];
}

/// <summary>How consent is found, and what a refusal does.</summary>
public sealed class KameleoonConsent
{
    /// <summary>Whether the consent that ASP.NET Core's cookie policy knows of counts, where no
    /// <see cref="IKameleoonConsentProvider"/> knows better. Default true.</summary>
    public bool UseTrackingConsentFeature { get; set; } = true;

    /// <summary>Whether a refusal removes the cookie from the browser. Default true; the official SDK leaves that to
    /// the application. A cookie that a delivery technically needs stays in any case.</summary>
    public bool RemoveCookie { get; set; } = true;

    /// <summary>Whether the cookie is set, and events are sent, before the first data file has said whether consent is
    /// required. Default false: only conversions are sent, the rest waits. The official SDK does both.</summary>
    public bool AssumeNotRequired { get; set; }
}

/// <summary>What conditions may read from the request. Each is read only when a condition asks for it.</summary>
public sealed class KameleoonRequestFacts
{
    /// <summary>Whether the request's address stands for the page viewed last. Default true.</summary>
    public bool Url { get; set; } = true;

    /// <summary>Whether the <c>Referer</c> header stands for the page before. Default true.</summary>
    public bool Referrer { get; set; } = true;

    /// <summary>Whether the <c>User-Agent</c> header tells browser, operating system and device. Default true.</summary>
    public bool UserAgent { get; set; } = true;

    /// <summary>Whether the request's cookies are the visitor's. Default true.</summary>
    public bool Cookies { get; set; } = true;
}

/// <summary>Where the simulation cookie is believed.</summary>
public enum SimulationPolicy
{
    /// <summary>Nowhere.</summary>
    Off,

    /// <summary>In the environment called Development.</summary>
    DevelopmentOnly,

    /// <summary>Everywhere, as the official SDKs do.</summary>
    On,
}

/// <summary>Who reports the exposures of a page.</summary>
public enum ExposureOwner
{
    /// <summary>The browser engine reports what a tracking tag carried; the server reports the rest.</summary>
    Engine,

    /// <summary>The server reports everything. The tracking tag renders nothing, but on a page that is fetched ahead, which
    /// tells the server once it is shown.</summary>
    Server,

    /// <summary>Both report, as the official SDK does; the platform counts a visitor once.</summary>
    Both,
}

/// <summary>When a visitor code in the address is believed. Whoever sends a link can choose the code in it.</summary>
public enum QueryParameterPolicy
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>Only in a navigation that started on the same site, from a script of the same host, or from a client that
    /// is no browser.</summary>
    SameSite,

    /// <summary>In every navigation; for pages that other sites or applications hand visitors over to.</summary>
    Always,
}
