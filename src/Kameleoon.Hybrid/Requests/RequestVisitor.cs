using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The visitor of one request: ties the client to the response it decides for.</summary>
/// <remarks>Work that outlives the request may keep the client: once the response is complete it lets go of the
/// request and reports by itself.</remarks>
/// <param name="context">The request.</param>
/// <param name="resolved">Who the visitor is.</param>
/// <param name="services">What the visitors of a project share.</param>
/// <param name="host">The visitor whose project the page is of, where another project decides for the page, too.</param>
/// <param name="isTold">Whether an application calls, which has the code from its answers: whoever is signed in there
/// is no bot, and needs no cookie.</param>
internal sealed class RequestVisitor(
    HttpContext context,
    ResolvedVisitorCode resolved,
    RequestVisitorServices services,
    RequestVisitor? host = null,
    bool isTold = false)
{
    private const int Person = 1;
    private const int Bot = 2;

    private HttpContext? _context = context;
    private KameleoonClient? _client;
    private RequestFacts? _facts;
    private Simulation? _simulation;
    private bool _simulationRead;
    private RequestConsent? _answer;
    private ResponsePrivacy? _privacy;
    private CodeSharing? _sharing;
    private PageState? _page;
    private int _nature = isTold ? Person : 0;
    private bool _keepsCookie = host is not null || isTold;
    private RequestVisitor? _guest;

    internal KameleoonClient Client => Volatile.Read(ref _client) ?? CreateClient();

    internal string Code => resolved.Code;

    internal VisitorCodeSource Source => resolved.Source;

    /// <summary>Whether the browser sent this very code as its cookie.</summary>
    internal bool IsInCookie => resolved.InCookie;

    /// <summary>Whether the browser sent another code by the same name, too.</summary>
    internal bool HasRival => resolved.HasRival;

    /// <summary>Whether the browser sent a code that is another person's.</summary>
    internal bool HasLeft => resolved.HasLeft;

    /// <summary>Whether the application told of the visitor's consent in this request.</summary>
    internal bool HasJustConsented => _answer is { Told: true };

    internal bool LeavesCookie { get; private set; }

    internal bool HasWrittenCookie { get; set; }

    /// <summary>Whether the caller has the answer, or has seen already what the request tells of: who hangs up then did
    /// see it.</summary>
    internal bool HasArrived { get; set; }

    /// <summary>Whether a user was signed in when the code was resolved.</summary>
    internal bool WasSignedIn { get; } = UserIds.FindUser(context) is not null;

    internal string? UserAgent { get; } = Audience.UserAgentOf(context.Request);

    internal bool IsOver => Context is null;

    /// <summary>Whether the response may be a page, and what is decided waits for it. A socket is none, and long.</summary>
    internal bool HasPage => Context is { Response.StatusCode: not StatusCodes.Status101SwitchingProtocols };

    /// <summary>Whether anybody else knows the code, once the response is complete.</summary>
    internal bool WasShared { get; private set; }

    /// <summary>The request, or null once its response is complete.</summary>
    internal HttpContext? Context => Volatile.Read(ref _context);

    /// <summary>Whether nobody is there to be counted. Found out when first asked; the answer stays.</summary>
    internal bool IsBot
    {
        get
        {
            if (Volatile.Read(ref _nature) == 0 && Context is { } current)
            {
                Interlocked.CompareExchange(ref _nature, services.Bots.IsBot(current.Request) ? Bot : Person, 0);
            }

            return Volatile.Read(ref _nature) == Bot;
        }
    }

    /// <summary>What the request itself tells about the visitor.</summary>
    internal RequestFacts Facts => _facts ??= new RequestFacts(this, services.Options.RequestFacts);

    /// <summary>Who else may get this response.</summary>
    internal ResponsePrivacy Privacy => Volatile.Read(ref _privacy)
        ?? Interlocked.CompareExchange(ref _privacy, new ResponsePrivacy(this, services.Logger), null)
        ?? _privacy;

    /// <summary>How the browser learns of the code.</summary>
    internal CodeSharing Sharing => Volatile.Read(ref _sharing)
        ?? Interlocked.CompareExchange(ref _sharing, new CodeSharing(this, services), null)
        ?? _sharing;

    private RequestConsent Answer => Volatile.Read(ref _answer)
        ?? Interlocked.CompareExchange(ref _answer, new RequestConsent(this, services), null)
        ?? _answer;

    /// <summary>Whether something was decided for this response, or the code asked for.</summary>
    internal bool IsPrivate => Volatile.Read(ref _privacy)?.IsPrivate ?? false;

    /// <summary>The visitors who may share this page, where the output cache keeps copies by variation.</summary>
    internal VariationCell? Cell => Volatile.Read(ref _privacy)?.Cell;

    /// <summary>What the tags of the response know of each other.</summary>
    internal PageState Page => _page ??= new PageState();

    /// <summary>Whether the page loads the engine already, so that nothing can be said to it before it starts.</summary>
    internal bool HasEngine => _page?.HasEngine ?? false;

    /// <exception cref="InvalidOperationException">There is no request, or no middleware.</exception>
    internal static RequestVisitor Of(HttpContext? context) => context is null
        ? throw new InvalidOperationException(
            "IKameleoonClient stands for the visitor of an HTTP request, and there is none here. Inject "
            + "IKameleoonClientFactory and call ForVisitor(visitorCode).")
        : context.Features.Get<RequestVisitor>() ?? throw new InvalidOperationException(
            "Call app.UseKameleoonVisitorCode() before the endpoint or middleware that decides flags.");

    internal string SiteCode => services.Options.SiteCode;

    /// <summary>The services of the project that decides for this visitor.</summary>
    internal IServiceProvider Services => services.Provider;

    /// <summary>The visitor of the same request in a project: this one, or a guest on the page. What a guest's project
    /// decides the server reports, because the page's engine is another project's.</summary>
    /// <exception cref="InvalidOperationException">The request is over, and there was no guest of the project.</exception>
    internal RequestVisitor In(RequestVisitorServices project)
    {
        if (ReferenceEquals(project, services))
        {
            return this;
        }

        // What completes last was made first, and a guest asks its host whether the code was shared.
        _ = Client;
        Privacy.BecomePersonal();
        if (Volatile.Read(ref _guest) is { } guest)
        {
            return guest.In(project);
        }

        var current = Context ?? throw new InvalidOperationException(
            "The request is over. Ask the project's IKameleoonClientFactory for the visitor, by ForVisitor(visitorCode).");
        var added = new RequestVisitor(current, resolved, project, host ?? this, isTold);
        return (Interlocked.CompareExchange(ref _guest, added, null) ?? added).In(project);
    }

    /// <summary>Whether browser and server agree on the code: it is in the cookie or will be, or the page says it.</summary>
    /// <remarks>Without that, what is reported would stand under a code that exists nowhere else.</remarks>
    internal bool IsShared(DataFile dataFile) =>
        host?.IsSharedNow ?? (!IsBot && (IsInCookie || isTold || Sharing.IsShared(dataFile)));

    internal bool IsSharedNow => services.Configuration.DataFile is { } dataFile && IsShared(dataFile);

    /// <summary>What the visitor answered, which the request may tell, where the data file requires consent.</summary>
    internal Consent ConsentUnder(DataFile dataFile) => dataFile.ConsentRequired ? Answer.Under(dataFile) : Consent.Given;

    /// <summary>Whether the visitor refused consent where it is required.</summary>
    internal bool HasRefused =>
        services.Configuration.DataFile is { } dataFile && ConsentUnder(dataFile) == Consent.Refused;

    /// <summary>The application says what the visitor answered; that is newer than what the request tells.</summary>
    internal void SetConsent(bool isGiven) => Answer.Set(isGiven);

    /// <summary>What the application told of the visitor's consent in this request holds for another visitor of it, too.
    /// </summary>
    internal void TellConsent(RequestVisitor other)
    {
        if (Volatile.Read(ref _answer)?.Told is { } isGiven)
        {
            other.SetConsent(isGiven);
        }
    }

    /// <summary>The code that the page has to tell the engine, which would choose another one; else null.</summary>
    internal string? FindImposedCode() =>
        IsInCookie && !services.Options.Engine.AlwaysImposeVisitorCode ? null : Sharing.FindImposedCode();

    /// <summary>What the browser wants to see, read once for a request, or null for nothing.</summary>
    internal Simulation? FindSimulation(DataFile dataFile)
    {
        if (!Volatile.Read(ref _simulationRead))
        {
            _simulation = Context is { } current ? services.Simulation.Read(current.Request, dataFile) : null;
            Volatile.Write(ref _simulationRead, true);
        }

        return _simulation;
    }

    /// <summary>What was decided so far is for a response that is being thrown away.</summary>
    internal void StartOver()
    {
        _page = null;
        Volatile.Read(ref _sharing)?.StartOver();
        Volatile.Read(ref _client)?.StartOver();
    }

    /// <summary>Sees to the visitor's cookie at the last moment headers can change.</summary>
    internal void KeepCookie(HttpResponse response)
    {
        if (_keepsCookie)
        {
            return;
        }

        _keepsCookie = true;
        response.OnStarting(
            static state =>
            {
                ((RequestVisitor)state).UpdateCookie();
                return Task.CompletedTask;
            },
            this);
    }

    /// <summary>The same where there is anything to see to.</summary>
    internal void KeepCookieIfDue(HttpContext current)
    {
        if (!services.Cookies.IsRight(this, current.Request))
        {
            KeepCookie(current.Response);
        }
    }

    /// <summary>The endpoint of this request answers with the cookie itself.</summary>
    internal void LeaveCookie() => LeavesCookie = true;

    private void UpdateCookie() => services.Cookies.Update(this);

    private KameleoonClient CreateClient()
    {
        var client = services.CreateClient(this);
        if (Interlocked.CompareExchange(ref _client, client, null) is { } earlier)
        {
            return earlier;
        }

        Context?.Response.OnCompleted(
            static state =>
            {
                ((RequestVisitor)state).Complete();
                return Task.CompletedTask;
            },
            this);
        return client;
    }

    private void ReportFetchedAhead()
    {
        if (Context is { } current
            && Audience.IsPrefetch(current.Request)
            && TagMistakes.RouteOf(current) is var route
            && services.FetchedAhead.IsFirst(route))
        {
            services.Logger.FetchedAhead(route);
        }
    }

    private void Complete()
    {
        // Work that goes on asks later, when the request cannot tell any more.
        WasShared = IsSharedNow || HasWrittenCookie;
        var seen = WasShared && !IsBot && Context is { } current && Audience.MaySee(current, HasArrived);
        if (!seen && services.Options.ExposureBy == ExposureOwner.Server && _client?.HasOpenExposures == true)
        {
            ReportFetchedAhead();
        }

        if (_privacy is { IsCopy: true } && Context is { Response: { } copy })
        {
            _client?.CountCopy(copy, seen);
        }

        Volatile.Write(ref _context, null);
        _client?.Complete(seen, WasShared);
    }
}
