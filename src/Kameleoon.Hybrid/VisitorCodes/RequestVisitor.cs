using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;

namespace Kameleoon.Hybrid;

/// <summary>The visitor of one request: ties the client to the response it decides for.</summary>
/// <remarks>Work that outlives the request may keep the client: once the response is complete it lets go of the
/// request and reports by itself.</remarks>
internal sealed class RequestVisitor(HttpContext context, ResolvedVisitorCode resolved, RequestVisitorServices services)
{
    private const int Person = 1;
    private const int Bot = 2;

    private HttpContext? _context = context;
    private KameleoonClient? _client;
    private RequestFacts? _facts;
    private Simulation? _simulation;
    private bool _simulationRead;
    private int _isPersonal;
    private int _nature;

    internal KameleoonClient Client => Volatile.Read(ref _client) ?? CreateClient();

    internal string Code => resolved.Code;

    internal string? UserAgent { get; } = Audience.UserAgentOf(context.Request);

    internal bool IsOver => Context is null;

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
    internal RequestFacts Facts => _facts ??= new RequestFacts(this, services.Facts);

    /// <exception cref="InvalidOperationException">There is no request, or no middleware.</exception>
    internal static RequestVisitor Of(HttpContext? context) => context is null
        ? throw new InvalidOperationException(
            "IKameleoonClient stands for the visitor of an HTTP request, and there is none here. Inject "
            + "IKameleoonClientFactory and call ForVisitor(visitorCode).")
        : context.Features.Get<RequestVisitor>() ?? throw new InvalidOperationException(
            "Call app.UseKameleoonVisitorCode() before the endpoint or middleware that decides flags.");

    /// <summary>Whether browser and server agree on the code: it is in the cookie, or will be.</summary>
    /// <remarks>Without that, what is reported would stand under a code that exists nowhere else.</remarks>
    internal bool IsShared(DataFile dataFile) =>
        !IsBot && (resolved.InCookie || (Context is { } request && MayWriteCookie(request, dataFile)));

    /// <summary>From its first decision or visitor code on, the response is one visitor's and no cache may share it.
    /// </summary>
    internal void BecomePersonal()
    {
        if (Interlocked.Exchange(ref _isPersonal, 1) != 0 || Context is not { } current)
        {
            return;
        }

        if (current.Features.Get<IOutputCacheFeature>() is { } cache)
        {
            cache.Context.AllowCacheStorage = false;
        }

        if (current.Response.HasStarted)
        {
            services.Logger.DecidedTooLate(current.Request.Path);
            return;
        }

        ResponseCaching.Forbid(current.Response);
        current.Response.OnStarting(
            static state =>
            {
                ResponseCaching.Forbid((HttpResponse)state);
                return Task.CompletedTask;
            },
            current.Response);
    }

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
    internal void StartOver() => Volatile.Read(ref _client)?.StartOver();

    internal void WriteCookie()
    {
        if (Context is not { } current
            || (resolved.InCookie && !services.Cookie.IsDue(current.Request, Code))
            || services.Configuration.Current is not { } dataFile
            || !MayWriteCookie(current, dataFile)
            || ResponseCaching.IsShared(current.Response)
            || IsBot)
        {
            return;
        }

        services.Cookie.Write(current, Code);
        ResponseCaching.KeepPrivate(current.Response);
    }

    // Where consent is required, only a delivery that the site technically needs justifies the cookie before it.
    private static bool MayWriteCookie(HttpContext context, DataFile dataFile) =>
        (!dataFile.ConsentRequired || dataFile.HasTargetedDelivery) && Audience.CanKeepCookie(context.Request);

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
        // Work that goes on asks later, when the request cannot tell any more.
        var seen = !IsBot
            && Context is { } current
            && Audience.MaySee(current)
            && services.Configuration.Current is { } dataFile
            && IsShared(dataFile);
        Volatile.Write(ref _context, null);
        _client?.Complete(seen);
    }
}
