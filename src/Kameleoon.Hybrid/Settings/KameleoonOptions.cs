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
