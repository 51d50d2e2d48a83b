using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The configuration that the sandbox writes into <c>engine.js</c>. A null member takes the engine's
/// default.</summary>
/// <remarks>Setters, because reading a project would put null in place of the default of an <c>init</c> member.</remarks>
internal sealed record EngineConfiguration
{
    /// <summary>The site the script was asked for.</summary>
    public string SiteCode { get; set; } = "sandbox";

    /// <summary>When the project last changed, in milliseconds since 1970.</summary>
    public long GeneratedAt { get; set; }

    /// <summary>Where the engine posts events; no trailing slash.</summary>
    public string DataUrl { get; set; } = "";

    /// <summary>Where the engine loads further files; no trailing slash.</summary>
    public string ResourceUrl { get; set; } = "";

    public string? Environment { get; set; }

    /// <summary>The site's own endpoint that writes the visitor code again, as a cookie of the server.</summary>
    public string? SyncUrl { get; set; }

    /// <summary>Whether every page aborts with DISABLED.</summary>
    public bool Disabled { get; set; }

    /// <summary>PAGE or VISIT: what the engine skips when it loads after the anti-flicker timeout. Null: nothing.</summary>
    public string? OnTimeout { get; set; }

    /// <summary>A script; the engine aborts with SCRIPT when it returns a true value.</summary>
    public EngineScript? AbortScript { get; set; }

    public EngineDeferral? Deferral { get; set; }

    public EngineUnify? Unify { get; set; }

    /// <summary>Whether local storage wins over a cookie with another code. Null: local storage keeps a copy of the code,
    /// which is used where there is no cookie. <c>false</c>: local storage is not used.</summary>
    public bool? VisitorCodeInLocalStorage { get; set; }

    /// <summary>All domains that share their visitors, by a parameter of links and forms.</summary>
    public IReadOnlyList<string> CrossDomains { get; set; } = [];

    public EngineCookie? Cookie { get; set; }

    public EngineConsent? Consent { get; set; }

    public EngineVisit? Visit { get; set; }

    public EngineSinglePage? Spa { get; set; }

    /// <summary>Milliseconds for which the engine gathers events before it posts them.</summary>
    public int? FlushMs { get; set; }

    public int? ActivityMs { get; set; }

    /// <summary><c>true</c>, <c>false</c> or <c>"safari"</c>. Null: on in Safari, and everywhere in projects with
    /// experiments of a server.</summary>
    public JsonElement? RealTimeSync { get; set; }

    public EngineNeeds? Needs { get; set; }

    /// <summary>Whether campaigns start before the document has been parsed.</summary>
    public bool EarlyCampaigns { get; set; }

    public EngineScript? GlobalScript { get; set; }

    /// <summary>Scripts by name, given the names and ids of an activated campaign.</summary>
    public IReadOnlyDictionary<string, EngineScript>? Integrations { get; set; }

    /// <summary>The goals that convert. Null: the goals are not known, and any id converts.</summary>
    public IReadOnlyList<EngineGoal>? Goals { get; set; }

    /// <summary>The custom data that may be set. Null: they are not known, and any index may be set.</summary>
    public IReadOnlyList<EngineCustomDatum>? CustomData { get; set; }

    public IReadOnlyList<EngineSegment> Segments { get; set; } = [];

    public IReadOnlyList<EngineSegment> Triggers { get; set; } = [];

    public IReadOnlyList<EngineExperiment> Experiments { get; set; } = [];

    public IReadOnlyList<EnginePersonalization> Personalizations { get; set; } = [];

    /// <summary>Whether the live file is loaded although no campaign has the tag LIVE-UPDATE.</summary>
    public bool LiveUpdate { get; set; }

    /// <summary>Whether the opportunity segments of <c>audiences/segments.js</c> are loaded.</summary>
    public bool Opportunities { get; set; }

    /// <summary>Whether <c>Kameleoon.API.Products</c> tracks and recommends products.</summary>
    public bool Recommendations { get; set; }
}

/// <summary>What <c>engine.js</c> leaves to <c>engine-configuration.js</c> and <c>engine-campaigns.js</c>.</summary>
internal sealed record EngineDeferral(bool Configuration, bool Campaigns);

/// <summary>The frame through which several hosts share one storage; null addresses mean the sandbox's own.</summary>
internal sealed record EngineUnify(bool Enabled, string? FrameUrl = null, string? FrameOrigin = null);

/// <summary>How the engine writes the visitor cookie.</summary>
/// <param name="Days">Its life.</param>
/// <param name="Scope"><c>root</c> (the registrable domain), <c>host</c>, or a domain.</param>
/// <param name="Secure"><c>true</c>, <c>false</c>, or null for what the page is loaded with.</param>
internal sealed record EngineCookie(int Days = 365, string Scope = "root", bool? Secure = null);

/// <summary>Which modules wait for consent, and what happens meanwhile and after a refusal.</summary>
/// <param name="AbTesting">NOT_REQUIRED or REQUIRED.</param>
/// <param name="Personalization">The same.</param>
/// <param name="Unknown">ALL, PARTIALLY or NONE for each module.</param>
/// <param name="Denied">RUN or STOP for each module.</param>
/// <param name="RequestsAfterConsent">Whether requests other than events wait for consent as well.</param>
internal sealed record EngineConsent(
    string AbTesting = "NOT_REQUIRED",
    string Personalization = "NOT_REQUIRED",
    EngineModules? Unknown = null,
    EngineModules? Denied = null,
    bool RequestsAfterConsent = true);

internal sealed record EngineModules(string AbTesting, string Personalization);

internal sealed record EngineVisit(int IdleMs = 1_800_000, int MaxLocal = 25);

/// <summary>How a single-page application shows its views.</summary>
/// <param name="Enabled">Whether another address is another view.</param>
/// <param name="DynamicRefresh">Whether waits for elements go on after the first.</param>
/// <param name="PollMs">Milliseconds between two looks at the address.</param>
/// <param name="IgnoreHash">Whether addresses that differ after <c>#</c> alone are one view.</param>
/// <param name="IgnoreParameters">Whether addresses that differ after <c>?</c> alone are one view.</param>
internal sealed record EngineSinglePage(
    bool Enabled,
    bool DynamicRefresh = false,
    int PollMs = 100,
    bool IgnoreHash = false,
    bool IgnoreParameters = false);

/// <summary>Data that the engine fetches even when no segment needs it.</summary>
internal sealed record EngineNeeds(bool Ip = false, bool Geolocation = false, bool AdBlocker = false);

/// <summary>A goal and what converts it.</summary>
/// <param name="Id">Its number on the wire.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">CLICK, SCROLL, PAGE_VIEWS, TIME_SPENT, ENGAGEMENT, URL or CUSTOM.</param>
/// <param name="Selector">What has to be clicked.</param>
/// <param name="Threshold">Percent of the page, pages, seconds, or clicks; by type.</param>
/// <param name="Url">What the address has to match.</param>
/// <param name="MatchType">EXACT, CONTAINS or REGULAR_EXPRESSION.</param>
internal sealed record EngineGoal(
    long Id,
    string Name,
    string Type = "CUSTOM",
    string? Selector = null,
    double? Threshold = null,
    string? Url = null,
    string? MatchType = null);

/// <summary>A declared custom datum.</summary>
/// <param name="Index">Its number on the wire.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">LIST and COUNT_LIST grow; every other type is replaced.</param>
/// <param name="Scope">PAGE, VISIT or VISITOR.</param>
/// <param name="IsMappingIdentifier">Whether its value identifies the visitor on every device.</param>
/// <param name="LocalOnly">Whether it never leaves the browser.</param>
internal sealed record EngineCustomDatum(
    long Index,
    string Name,
    string? Type = null,
    string? Scope = null,
    bool IsMappingIdentifier = false,
    bool LocalOnly = false);

/// <summary>A segment or a trigger.</summary>
/// <param name="Id">Its number on the wire.</param>
/// <param name="Name">Its name.</param>
/// <param name="ConditionsData">The tree as the data file has it; null is always true.</param>
/// <param name="DateCreated">When it was made, in milliseconds since 1970; null where the project does not say.</param>
/// <param name="DateModified">When it was last changed, in the same form.</param>
internal sealed record EngineSegment(
    long Id, string Name, JsonElement? ConditionsData = null, long? DateCreated = null, long? DateModified = null);
