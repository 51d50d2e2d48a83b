using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The visitor of one request: creates its parts when they are needed, and completes them with the response.
/// </summary>
/// <remarks>Code that runs after the response may keep the client: the request is released when the response is complete,
/// and the client reports by itself from then on.</remarks>
/// <param name="context">The request.</param>
/// <param name="resolved">The visitor code.</param>
/// <param name="project">The services of the project that decides.</param>
/// <param name="isAppCall">See <see cref="VisitorRequest.IsAppCall"/>.</param>
/// <param name="host">The visitor of the page's own project, if this one belongs to another project that decides flags for
/// the same page; else null.</param>
internal sealed partial class RequestVisitor(
    HttpContext context,
    ResolvedVisitorCode resolved,
    RequestVisitorServices project,
    bool isAppCall = false,
    RequestVisitor? host = null) : VisitorRequest(context, resolved, project, isAppCall), IRequestVisitor
{
    private KameleoonClient? _client;
    private RequestFacts? _facts;
    private RequestConsent? _consent;
    private ResponsePrivacy? _privacy;
    private CodeSharing? _sharing;
    private RequestVisitor? _guest;
    private bool _updatesCookie = host is not null || isAppCall;

    public VisitorRequest Request => this;

    public RequestFacts Facts => _facts ??= new RequestFacts(this, Project.Options.RequestFacts, Project.Simulations);

    public ResponsePrivacy Privacy => Volatile.Read(ref _privacy)
        ?? Interlocked.CompareExchange(ref _privacy, new ResponsePrivacy(this), null)
        ?? _privacy;

    public bool IsPrivate => Volatile.Read(ref _privacy)?.IsPrivate ?? false;

    public VariationCell? Cell => Volatile.Read(ref _privacy)?.Cell;

    public bool IsSharedNow => Project.DataFile is { } dataFile && IsShared(dataFile);

    public bool HasRefused => Project.DataFile is { } dataFile && ConsentUnder(dataFile) == Consent.Refused;

    /// <summary>Whether the current data file requires consent and the visitor has not given it.</summary>
    internal bool AwaitsConsent =>
        Project.DataFile is { ConsentRequired: true } dataFile && ConsentUnder(dataFile) != Consent.Given;

    public bool HasJustConsented => Volatile.Read(ref _consent) is { SetByApplication: not null };

    public bool IsFetchedAhead => IsPrefetch;

    public bool HasClient => Volatile.Read(ref _client) is not null;

    internal KameleoonClient Client => Volatile.Read(ref _client) ?? CreateClient();

    /// <summary>What the tags of the page share.</summary>
    internal PageState Page
    {
        get
        {
            NoticeErrorPage();
            return KnownPage ??= new PageState();
        }
    }

    /// <summary>Whether a tag of the page has loaded the engine, so that it is too late for commands before its start.
    /// </summary>
    internal bool HasEngine => KnownPage?.HasEngine ?? false;

    /// <summary>Whether the server reports exposures of pages, alone or beside the engine.</summary>
    internal bool HasServerShare => Project.Options.ExposureBy != ExposureOwner.Engine;

    internal string SiteCode => Project.Options.SiteCode;

    /// <summary>The services of the project that decides for this visitor.</summary>
    internal IServiceProvider Services => Project.Provider;

    private CodeSharing Sharing => Volatile.Read(ref _sharing)
        ?? Interlocked.CompareExchange(ref _sharing, new CodeSharing(this, Project.CookiePolicy), null)
        ?? _sharing;

    private RequestConsent RequestConsent => Volatile.Read(ref _consent)
        ?? Interlocked.CompareExchange(ref _consent, new RequestConsent(this, Project.Consent), null)
        ?? _consent;

    /// <summary>Returns the visitor of a request.</summary>
    /// <exception cref="InvalidOperationException">There is no request, or no middleware.</exception>
    internal static RequestVisitor Of(HttpContext? context) => context is null
        ? throw new InvalidOperationException(
            "IKameleoonClient needs an HTTP request, and there is none here. Inject IKameleoonClientFactory and call "
            + "ForVisitor(visitorCode).")
        : context.Features.Find<RequestVisitor>() ?? throw new InvalidOperationException(
            "Call app.UseKameleoonVisitorCode() before the endpoint or middleware that decides flags.");

    /// <summary>Returns the same visitor in a project: this object, or one that is added for the other project.</summary>
    /// <remarks>The server reports the exposures of the other project, because the page's engine belongs to the page's own
    /// project.</remarks>
    /// <exception cref="InvalidOperationException">The request is over and the project was not used in it.</exception>
    internal RequestVisitor In(RequestVisitorServices project)
    {
        if (ReferenceEquals(project, Project))
        {
            return this;
        }

        // Responses complete in reverse order, and the other project asks this one whether the code was shared.
        _ = Client;
        Privacy.BecomePersonal();
        if (Volatile.Read(ref _guest) is { } guest)
        {
            return guest.In(project);
        }

        var current = Context ?? throw new InvalidOperationException(
            "The request is over. Ask the project's IKameleoonClientFactory for the visitor, by ForVisitor(visitorCode).");
        var added = new RequestVisitor(current, Resolved, project, IsAppCall, host ?? this);
        return (Interlocked.CompareExchange(ref _guest, added, null) ?? added).In(project);
    }

    /// <remarks>The code is in the cookie, or will be, or the page passes it to the engine. Otherwise events would be
    /// reported under a code that only the server knows.</remarks>
    public bool IsShared(DataFile dataFile) => host?.IsSharedNow
        ?? (!IsBot && (IsInCookie || IsAppCall || Sharing.IsShared(dataFile)));

    /// <summary>Whether the browser has the code, or may get it with this response once a flag is decided for it.</summary>
    internal bool MayBeShared(DataFile dataFile) =>
        IsShared(dataFile) || (!IsBot && Project.CookiePolicy.MayWrite(this, dataFile));

    public Consent ConsentUnder(DataFile dataFile) =>
        dataFile.ConsentRequired ? RequestConsent.Under(dataFile) : Consent.Given;

    public void SetConsent(bool isGiven)
    {
        if (RequestConsent.Set(isGiven) && Context is { Response: { } response })
        {
            UpdateCookieOnStart(response);
        }

        NoticeConsent();
        ChangePage();
    }

    /// <summary>Takes the page out of the output cache if the visitor's consent is not the one by which its copy was chosen.
    /// </summary>
    internal void NoticeConsent()
    {
        if (Project.DataFile is { } dataFile)
        {
            Volatile.Read(ref _privacy)?.NoticeConsent(dataFile);
        }
    }

    public string CompleteLink(string address) => Project.Links.Complete(this, address);

    public Simulation? FindSimulation(DataFile dataFile) =>
        Project.Simulations.MayHave(this) ? Facts.FindSimulation(dataFile) : null;

    /// <summary>Sets the consent of another visitor of the request to what the application set for this one, if anything.
    /// </summary>
    internal void CopyConsentTo(RequestVisitor other)
    {
        if (Volatile.Read(ref _consent)?.SetByApplication is { } isGiven)
        {
            other.SetConsent(isGiven);
        }
    }

    /// <summary>Returns the code that the page has to pass to the engine, which would choose another one; else null.</summary>
    internal string? FindImposedCode() =>
        IsInCookie && !Project.Options.Engine.AlwaysImposeVisitorCode ? null : Sharing.FindImposedCode();

    /// <summary>Returns the code that the script of a page from a cache has to pass to the engine before it starts, or null.
    /// The response may set the cookie, because no earlier response to this visitor did.</summary>
    internal string? ImposeCodeOnScript()
    {
        IsAskedByScript = true;
        Privacy.BecomePersonal();
        if (Context is { Response: { } response })
        {
            UpdateCookieOnStart(response);
        }

        return Sharing.ImposeCodeOnScript();
    }

    /// <summary>The page that passes the code to the engine is not sent.</summary>
    internal void WithdrawImposedCode() => Volatile.Read(ref _sharing)?.StartOver();

    /// <summary>Updates the visitor's cookie when the response starts, unless it is certain that it stays as it is.
    /// </summary>
    internal void UpdateCookieIfDue(HttpContext current)
    {
        if (!Project.Cookies.IsRight(this))
        {
            UpdateCookieOnStart(current.Response);
        }
    }

    /// <summary>Leaves the cookie to the endpoint of the request.</summary>
    internal void LeaveCookie() => LeavesCookie = true;

    private void UpdateCookieOnStart(HttpResponse current)
    {
        _updatesCookie = _updatesCookie || UnstartedResponse.TryChange(current, this, static (response, visitor) => response.OnStarting(
            static state =>
            {
                ((RequestVisitor)state).UpdateCookie();
                return Task.CompletedTask;
            },
            visitor));
    }

    private void UpdateCookie()
    {
        Project.Cookies.Update(this);
        if (HasWrittenCookie)
        {
            WatchEnd();
        }
    }

    private KameleoonClient CreateClient()
    {
        var client = new KameleoonClient(Code, Project.Clients, this);
        if (Interlocked.CompareExchange(ref _client, client, null) is { } earlier)
        {
            return earlier;
        }

        if (Context is { } current)
        {
            WatchResponse(current.Response);
        }

        return client;
    }
}
