using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The HTTP request of a visitor, the visitor code found for it, and whether it comes from a bot.</summary>
/// <param name="context">The request.</param>
/// <param name="resolved">The visitor code.</param>
/// <param name="project">The services of the project that decides.</param>
/// <param name="isAppCall">Whether an application calls an endpoint for a signed-in user. The response contains the
/// code, so no cookie is set, and the request never counts as a bot's.</param>
internal sealed class VisitorRequest(
    HttpContext context, ResolvedVisitorCode resolved, RequestVisitorServices project, bool isAppCall = false)
{
    private const byte Person = 1;
    private const byte Bot = 2;
    private const byte Prefetched = 1;
    private const byte NotPrefetched = 2;
    private const byte Overridden = 1;
    private const byte NotOverridden = 2;

    private static readonly TimeSpan LongestUse = TimeSpan.FromSeconds(5);

    private HttpContext? _context = context;
    private byte _kind = isAppCall ? Person : (byte)0;
    private byte _prefetch;
    private byte _override;
    private int _uses;
    private int _decidedAt;
    private ObservedVariations? _variations;

    /// <summary>The request, or null once its response is complete.</summary>
    internal HttpContext? Context => Volatile.Read(ref _context);

    /// <summary>The services of the project that decides.</summary>
    internal RequestVisitorServices Project => project;

    internal ResolvedVisitorCode Resolved => resolved;

    internal string Code => resolved.Code;

    internal VisitorCodeSource Source => resolved.Source;

    /// <summary>Whether the browser sent this code in its cookie.</summary>
    internal bool IsInCookie => resolved.InCookie;

    internal bool IsAppCall => isAppCall;

    internal string? UserAgent { get; } = RequestIntent.UserAgentOf(context.Request);

    /// <summary>Whether a user was signed in when the code was resolved.</summary>
    internal bool WasSignedIn { get; } = UserIds.FindUser(context) is not null;

    /// <summary>When the first flag was decided, by the guard's clock; 0 without a guard.</summary>
    internal int DecidedAt => Volatile.Read(ref _decidedAt);

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
    internal PageState? Page { get; set; }

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

    /// <summary>Whether the browser or the application knows the code. Set when the response is complete.</summary>
    internal bool WasShared { get; private set; }

    /// <summary>Whether the request comes from a bot. Determined when first asked.</summary>
    internal bool IsBot
    {
        get
        {
            if (Volatile.Read(ref _kind) == 0 && Context is { } current)
            {
                Interlocked.CompareExchange(ref _kind, project.Bots.IsBot(current.Request) ? Bot : Person, (byte)0);
            }

            return Volatile.Read(ref _kind) == Bot;
        }
    }

    /// <summary>Whether the browser sent the cookie of a signed override. Determined when first asked.</summary>
    internal bool HasOverride
    {
        get
        {
            if (Volatile.Read(ref _override) == 0 && Context is { } current)
            {
                Volatile.Write(ref _override, OverrideCookie.IsIn(current.Request) ? Overridden : NotOverridden);
            }

            return Volatile.Read(ref _override) == Overridden;
        }
    }

    /// <summary>Whether the page is fetched ahead. Determined when first asked, because it takes a look at many headers.
    /// </summary>
    internal bool IsPrefetch
    {
        get
        {
            if (Volatile.Read(ref _prefetch) == 0 && Context is { } current)
            {
                Volatile.Write(ref _prefetch, RequestIntent.IsPrefetch(current.Request) ? Prefetched : NotPrefetched);
            }

            return Volatile.Read(ref _prefetch) == Prefetched;
        }
    }

    /// <summary>Returns the variations of observed flags that the request has decided so far.</summary>
    internal ObservedVariations ObserveVariations(string[] tags) => Volatile.Read(ref _variations)
        ?? Interlocked.CompareExchange(ref _variations, new ObservedVariations(tags), null)
        ?? _variations;

    /// <summary>Notes when the first flag was decided.</summary>
    internal void NoteDecided(VariationGuard guard)
    {
        if (_decidedAt == 0)
        {
            Volatile.Write(ref _decidedAt, guard.Now);
        }
    }

    /// <summary>Notes whether the code is shared. Called before <see cref="End"/>, after which the request is not
    /// available.</summary>
    internal void NoteShared(bool isShared) => WasShared = isShared;

    /// <summary>Notifies the page's components that a decision or the visitor's consent may change what they
    /// render.</summary>
    internal void ChangePage()
    {
        if (!IsOver)
        {
            Page?.Change();
        }
    }

    /// <summary>A call of the client begins, which may read the request.</summary>
    internal void BeginUse() => Interlocked.Increment(ref _uses);

    /// <summary>A call of the client has ended.</summary>
    internal void EndUse() => Interlocked.Decrement(ref _uses);

    /// <summary>The response is complete: releases the request, and waits for calls of the client that read it.</summary>
    /// <remarks>A full fence: either the completion sees an exposure that another thread adds, or that thread sees the
    /// end. Calls take microseconds; one that waits for code of the application is waited for five seconds at most.</remarks>
    internal void End()
    {
        Interlocked.Exchange(ref _context, null);
        if (Volatile.Read(ref _uses) != 0)
        {
            SpinWait.SpinUntil(() => Volatile.Read(ref _uses) == 0, LongestUse);
        }
    }
}
