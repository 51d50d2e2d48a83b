using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The visitor of one request: ties the client to the response it decides for.</summary>
/// <remarks>Work that outlives the request may keep the client: once the response is complete it lets go of the
/// request and reports by itself.</remarks>
internal sealed class RequestVisitor(HttpContext context, ResolvedVisitorCode resolved, RequestVisitorServices services)
{
    private HttpContext? _context = context;
    private KameleoonClient? _client;
    private RequestFacts? _facts;
    private Simulation? _simulation;
    private bool _simulationRead;
    private bool _consentRead;
    private bool _consentGivenHere;
    private bool _leavesCookie;
    private int _isPersonal;
    private int _isPrivate;
    private bool _isImposed;
    private PageState? _page;

    internal KameleoonClient Client => Volatile.Read(ref _client) ?? CreateClient();

    internal string Code => resolved.Code;

    internal string? UserAgent { get; } = Audience.UserAgentOf(context.Request);

    internal bool IsOver => Context is null;

    /// <summary>The request, or null once its response is complete.</summary>
    internal HttpContext? Context => Volatile.Read(ref _context);

    /// <summary>What the request itself tells about the visitor.</summary>
    internal RequestFacts Facts => _facts ??= new RequestFacts(this, services.Options.RequestFacts);

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

    /// <summary>Whether browser and server agree on the code: it is in the cookie or will be, or the page says it.</summary>
    /// <remarks>Without that, what is reported would stand under a code that exists nowhere else.</remarks>
    internal bool IsShared(DataFile dataFile) =>
        resolved.InCookie || _isImposed || (Context is { } request && MayWriteCookie(request, dataFile));

    /// <summary>What the visitor answered, which the request may tell, where the data file requires consent.</summary>
    internal Consent ConsentUnder(DataFile dataFile)
    {
        var known = services.Consent.Of(Code, dataFile);
        if (!dataFile.ConsentRequired || Volatile.Read(ref _consentRead) || Context is not { } current)
        {
            return known;
        }

        var answer = services.ConsentReader.Read(current);
        Volatile.Write(ref _consentRead, true);
        if (answer == Consent.Unknown || answer == known)
        {
            return known;
        }

        services.Consent.Set(Code, answer);
        return answer;
    }

    /// <summary>The application says what the visitor answered; that is newer than what the request tells.</summary>
    internal void SetConsent(bool isGiven)
    {
        Volatile.Write(ref _consentRead, true);
        Volatile.Write(ref _consentGivenHere, isGiven);
        services.Consent.Set(Code, isGiven ? Consent.Given : Consent.Refused);
        if (Context is { Response.HasStarted: true } current)
        {
            services.Logger.ConsentTooLate(current.Request.Path);
        }
    }

    /// <summary>The visitors who may share this page, where the output cache keeps copies by variation.</summary>
    internal VariationCell? Cell { get; set; }

    /// <summary>Whether the page was made for another visitor of the same cell.</summary>
    internal bool IsCopy { get; set; }

    /// <summary>From its first decision or visitor code on, the response is one visitor's and no cache may share it,
    /// except for the decisions by which the output cache tells its copies apart.</summary>
    /// <param name="featureKey">The flag decided, or null for anything else that is personal.</param>
    internal void BecomePersonal(string? featureKey = null)
    {
        if (featureKey is not null && Cell?.Covers(featureKey) == true)
        {
            BecomePrivate();
            return;
        }

        if (Volatile.Read(ref _isPersonal) == 0 && Interlocked.Exchange(ref _isPersonal, 1) == 0 && Context is { } current)
        {
            ResponseCaching.ForbidOutputCache(current);
            BecomePrivate();
        }
    }

    private void BecomePrivate()
    {
        if (Volatile.Read(ref _isPrivate) != 0
            || Interlocked.Exchange(ref _isPrivate, 1) != 0
            || Context is not { } current)
        {
            return;
        }

        if (current.Response.HasStarted)
        {
            services.Logger.DecidedTooLate(current.Request.Path);
            return;
        }

        ResponseCaching.Forbid(current);
        current.Response.OnStarting(
            static state =>
            {
                ((RequestVisitor)state).StayPrivate();
                return Task.CompletedTask;
            },
            this);
    }

    // The application may have said something else since.
    private void StayPrivate()
    {
        if (Context is not { } current)
        {
            return;
        }

        if (ResponseCaching.IsShared(current.Response))
        {
            services.Logger.SharedAfterDecision(current.Request.Path);
        }

        ResponseCaching.Forbid(current);
        if (Volatile.Read(ref _isPersonal) != 0)
        {
            ResponseCaching.ForbidOutputCache(current);
        }
    }

    /// <summary>The code that the page has to tell the engine, which would choose another one; else null.</summary>
    internal string? FindImposedCode()
    {
        if (Context is not { } current
            || Audience.IsBot(current.Request)
            || !Audience.RunsScripts(current.Request)
            || services.Configuration.Current is not { } dataFile
            || !MustImposeCode(dataFile))
        {
            return null;
        }

        _isImposed = true;
        BecomePersonal();
        return Code;
    }

    // The engine chooses what its own storage has: another code than a user's who has just signed in, or one it makes up
    // where there may be no cookie yet. After a refusal there is nothing to agree on.
    private bool MustImposeCode(DataFile dataFile) =>
        services.Options.Engine.AlwaysImposeVisitorCode
        || (resolved is { Source: VisitorCodeSource.Linked, InCookie: false } && IsCookieAllowed(dataFile))
        || (Volatile.Read(ref _isPrivate) != 0
            && (_isImposed || !IsShared(dataFile))
            && ConsentUnder(dataFile) != Consent.Refused);

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
        (_page, _isImposed) = (null, false);
        Volatile.Read(ref _client)?.StartOver();
    }

    /// <summary>The headers are about to leave: sets the cookie if it is due, or removes it after a refusal.</summary>
    internal void UpdateCookie()
    {
        if (Context is not { } current
            || _leavesCookie
            || ResponseCaching.IsShared(current.Response)
            || (Cell is null && ResponseCaching.IsBeingStored(current)))
        {
            return;
        }

        if (MustRemoveCookie(services.Configuration.Current))
        {
            services.Cookie.Remove(current);
            ResponseCaching.KeepPrivate(current.Response);
        }
        else if ((!resolved.InCookie || services.Cookie.IsDue(current.Request, Code))
            && !(services.Options.Cookie.OnlyOnDecision && Volatile.Read(ref _isPrivate) == 0)
            && MayWriteCookie(current, services.Configuration.Current))
        {
            services.Cookie.Write(current, Code);
            ResponseCaching.KeepPrivate(current.Response);
        }
    }

    /// <summary>The endpoint of this request answers with the cookie itself.</summary>
    internal void LeaveCookie() => _leavesCookie = true;

    private bool MayWriteCookie(HttpContext context, DataFile? dataFile) =>
        (Audience.CanKeepCookie(context.Request) || IsKeptByConsent) && IsCookieAllowed(dataFile);

    // A script that tells the server of the consent is no navigation, but it brings the code that its page has.
    private bool IsKeptByConsent =>
        Volatile.Read(ref _consentGivenHere) && resolved.Source != VisitorCodeSource.Generated;

    // Where consent is required, only a delivery that the site technically needs justifies the cookie without it.
    private bool IsCookieAllowed(DataFile? dataFile) => dataFile is null
        ? services.Options.Consent.AssumeNotRequired
        : !dataFile.ConsentRequired || dataFile.HasTargetedDelivery || ConsentUnder(dataFile) == Consent.Given;

    private bool MustRemoveCookie(DataFile? dataFile) =>
        resolved.InCookie
        && dataFile is { ConsentRequired: true, HasTargetedDelivery: false }
        && services.Options.Consent.RemoveCookie
        && ConsentUnder(dataFile) == Consent.Refused;

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

    private void Complete()
    {
        var seen = Context is { } current
            && Audience.MaySee(current)
            && services.Configuration.Current is { } dataFile
            && IsShared(dataFile);
        if (IsCopy && Context is { Response: { } copy })
        {
            _client?.GiveNotedToEngine(copy);
        }

        Volatile.Write(ref _context, null);
        _client?.Complete(seen);
    }
}
