using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The HTTP request of a visitor, the visitor code found for it, and whether it comes from a bot.</summary>
/// <param name="context">The request.</param>
/// <param name="resolved">The visitor code.</param>
/// <param name="project">The services of the project that decides.</param>
/// <param name="isAppCall">Whether an application calls an endpoint for a signed-in user. The response contains the
/// code, so no cookie is set, and the request never counts as a bot's.</param>
/// <remarks>A part of the visitor rather than an object of its own: each request has one.</remarks>
internal abstract class VisitorRequest(
    HttpContext context, ResolvedVisitorCode resolved, RequestVisitorServices project, bool isAppCall)
{
    private const byte Person = 1;
    private const byte Bot = 2;
    private const byte Prefetched = 4;
    private const byte NotPrefetched = 8;
    private const byte Overridden = 16;
    private const byte NotOverridden = 32;
    private const byte AppCall = 64;
    private const byte SignedIn = 128;

    private static readonly TimeSpan LongestUse = TimeSpan.FromSeconds(5);

    private HttpContext? _context = context;

    // One byte, because each request has such an object.
    private byte _known = (byte)((isAppCall ? AppCall | Person : 0) | (UserIds.FindUser(context) is not null ? SignedIn : 0));
    private int _uses;
    private string? _userAgent;
    private ObservedVariations? _variations;

    /// <summary>The request, or null once its response is complete.</summary>
    internal HttpContext? Context => Volatile.Read(ref _context);

    /// <summary>The path base where the middleware found the visitor. It answers paths below it, whatever the application
    /// makes the path base later.</summary>
    internal PathString PathBase { get; } = context.Request.PathBase;

    /// <summary>The services of the project that decides.</summary>
    internal RequestVisitorServices Project => project;

    internal ResolvedVisitorCode Resolved => resolved;

    internal string Code => resolved.Code;

    internal VisitorCodeSource Source => resolved.Source;

    /// <summary>Whether the browser sent this code in its cookie.</summary>
    internal bool IsInCookie => resolved.InCookie;

    internal bool IsAppCall => (Volatile.Read(ref _known) & AppCall) != 0;

    /// <summary>The user agent. Read when first asked, or else when a client's request ends.</summary>
    internal string? UserAgent => Volatile.Read(ref _userAgent)
        ?? (Context is { Request: { } current } ? _userAgent = RequestIntent.UserAgentOf(current) : null);

    /// <summary>Whether a user was signed in when the code was resolved.</summary>
    internal bool WasSignedIn => (Volatile.Read(ref _known) & SignedIn) != 0;

    /// <summary>Whether the response is complete.</summary>
    internal bool IsOver => Context is null;

    /// <summary>Whether the response may still become a page, so that exposures wait for its tags. A connection, a stream
    /// and JSON that has started are no page.</summary>
    internal bool HasPage
    {
        get
        {
            if (HasNoPage || Context is not { } current)
            {
                return false;
            }

            HasNoPage = current.Response.HasStarted && ResponseOutcomes.HasNoPage(current);
            return !HasNoPage;
        }
    }

    /// <summary>Whether the response has started and is known to be no page.</summary>
    internal bool HasNoPage { get; set; }

    /// <summary>What the tags of the page share, or null before the first tag.</summary>
    internal PageState? KnownPage { get; private protected set; }

    /// <summary>Whether the response sets the visitor's cookie.</summary>
    internal bool HasWrittenCookie { get; set; }

    /// <summary>Whether the endpoint of the request sets the cookie itself.</summary>
    internal bool LeavesCookie { get; set; }

    /// <summary>Whether a script asks for the decisions of a page that came from a cache. The answer is the visitor's first
    /// response from this server, so it may set the cookie.</summary>
    internal bool IsAskedByScript { get; set; }

    /// <summary>Whether the exposures count as seen although the connection may be closed early. Set by the endpoints
    /// for applications.</summary>
    internal bool ResponseDelivered { get; set; }

    /// <summary>Whether the exposures of the response have their owners.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>Whether the browser or the application knows the code. Set when the response is complete.</summary>
    internal bool WasShared { get; private set; }

    /// <summary>Whether the request comes from a bot. Determined when first asked.</summary>
    internal bool IsBot => Is(Bot, Person, static (request, current) => request.Project.Bots.IsBot(current));

    /// <summary>Whether the browser sent the cookie of a signed override. Determined when first asked.</summary>
    internal bool HasOverride => Is(Overridden, NotOverridden, static (_, current) => OverrideCookie.IsIn(current));

    /// <summary>Whether the page is fetched ahead. Determined when first asked, because it takes a look at many headers.
    /// </summary>
    internal bool IsPrefetch => Is(Prefetched, NotPrefetched, static (_, current) => RequestIntent.IsPrefetch(current));

    /// <summary>Returns the variations of observed flags that the request has decided so far.</summary>
    internal ObservedVariations ObserveVariations(string[] tags) => Volatile.Read(ref _variations)
        ?? Interlocked.CompareExchange(ref _variations, new ObservedVariations(tags), null)
        ?? _variations;

    /// <summary>Notes whether the code is shared. Called before <see cref="End"/>, after which the request is not
    /// available.</summary>
    internal void NoteShared(bool isShared) => WasShared = isShared;

    /// <summary>Notes that the exposures of the response have their owners.</summary>
    internal void NoteComplete() => IsComplete = true;

    /// <summary>Notifies the page's components that a decision or the visitor's consent may change what they
    /// render.</summary>
    internal void ChangePage()
    {
        if (!IsOver)
        {
            KnownPage?.Change();
        }
    }

    /// <summary>Whether a call of the client reads the request.</summary>
    internal bool IsInUse => Volatile.Read(ref _uses) != 0;

    /// <summary>A call of the client begins, which may read the request.</summary>
    internal void BeginUse() => Interlocked.Increment(ref _uses);

    /// <summary>A call of the client has ended.</summary>
    internal void EndUse() => Interlocked.Decrement(ref _uses);

    /// <summary>The response is complete: releases the request, and waits for calls of the client that read it.</summary>
    /// <remarks>A full fence: either the completion sees an exposure that another thread adds, or that thread sees the
    /// end. Calls take microseconds; one that waits for code of the application is waited for five seconds at most.</remarks>
    internal void End()
    {
        _ = UserAgent;
        Interlocked.Exchange(ref _context, null);
        if (Volatile.Read(ref _uses) != 0)
        {
            SpinWait.SpinUntil(() => Volatile.Read(ref _uses) == 0, LongestUse);
        }
    }

    // The first answer counts, also if two threads ask at the same time. Unknown is no, once the request is over.
    private bool Is(byte yes, byte no, Func<VisitorRequest, HttpRequest, bool> find)
    {
        var known = Volatile.Read(ref _known);
        if ((known & (yes | no)) == 0 && Context is { } current)
        {
            var answer = find(this, current.Request) ? yes : no;
            while ((known & (yes | no)) == 0)
            {
                var now = Interlocked.CompareExchange(ref _known, (byte)(known | answer), known);
                known = now == known ? (byte)(known | answer) : now;
            }
        }

        return (known & yes) != 0;
    }
}
