using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Tells responses that a person sees from those that nobody does.</summary>
internal static class RequestIntent
{
    // Longer ones are no browser's, and thousands of them wait in memory while the platform is away.
    private const int MaxUserAgentLength = 512;

    /// <summary>Whether exposures of this response may be counted by the server, unless it went to a bot.</summary>
    /// <param name="context">The request.</param>
    /// <param name="responseDelivered">Whether the caller is known to have the answer, who may have hung up since.</param>
    internal static bool MaySee(HttpContext context, bool responseDelivered = false) =>
        !HttpMethods.IsHead(context.Request.Method)
        && (responseDelivered
            || context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols
            || (context.Response.StatusCode is >= 200 and < 300 && !context.RequestAborted.IsCancellationRequested))
        && !IsPrefetch(context.Request);

    /// <summary>Whether this response may set the visitor's cookie: only where somebody goes somewhere. A page's
    /// requests beside its first would each make up another visitor.</summary>
    internal static bool CanKeepCookie(HttpRequest request) => IsNavigation(request);

    /// <summary>Whether a page may be what the browser fetches ahead. What a link names does not say what it is; what a
    /// prerendered page loads is none.</summary>
    /// <remarks>A script that fetches a page ahead shows the answer, so that it cannot be refused.</remarks>
    internal static bool IsPrefetchedPage(HttpRequest request) => IsPrefetchOfBrowser(request)
        && (IsNavigation(request)
            || (request.Headers["Sec-Fetch-Dest"] == "empty" && !Says(request, "Sec-Purpose", "prerender")));

    /// <summary>Whether inline scripts of this response run. A script that fetches HTML inserts it, and then they do
    /// not; a page fetched ahead may be shown as it is.</summary>
    internal static bool RunsScripts(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is not "empty" || IsPrefetch(request);

    /// <summary>Whether this is fetched ahead. Such a page is reported by the browser if it is ever shown.</summary>
    internal static bool IsPrefetch(HttpRequest request) => IsPrefetchOfBrowser(request) || IsPrefetchOfScript(request);

    /// <summary>Whether a script of a page fetches this, now or ahead, and inserts it.</summary>
    internal static bool IsFetchedByScript(HttpRequest request) =>
        IsPrefetchOfScript(request)
        || (request.Headers["Sec-Fetch-Dest"].ToString() is "empty" && !IsPrefetchOfBrowser(request));

    /// <summary>Whether a header is there and does not say no.</summary>
    internal static bool IsSet(HttpRequest request, string header) =>
        request.Headers.TryGetValue(header, out var value) && value.ToString().Trim() is not ("" or "0" or "false");

    /// <summary>Whether the browser loads the response as a document in a frame of another site's page.</summary>
    internal static bool IsCrossSiteFrame(HttpRequest request) => IsFrame(request) && RequestOrigin.IsOtherSite(request, null);

    /// <summary>Whether the browser loads the response as a document in a frame.</summary>
    internal static bool IsFrame(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "iframe" or "frame" or "embed" or "object" or "fencedframe";

    internal static string? UserAgentOf(HttpRequest request) => request.Headers.UserAgent is [{ } agent, ..]
        ? agent.Length <= MaxUserAgentLength ? agent : agent[..MaxUserAgentLength]
        : null;

    private static bool IsPrefetchOfBrowser(HttpRequest request) =>
        IsAhead(request, "Sec-Purpose")
        || IsAhead(request, "Purpose")
        || IsAhead(request, "X-Purpose")
        || IsAhead(request, "X-Moz");

    // Scripts may not set headers that begin with Sec-. Turbo 8, htmx and Next.js have their own, and so may others.
    private static bool IsPrefetchOfScript(HttpRequest request) =>
        IsAhead(request, "X-Sec-Purpose")
        || IsSet(request, "HX-Preloaded")
        || IsSet(request, "Next-Router-Prefetch")
        || request.HttpContext.Features.Get<FetchedAhead>() is not null;

    private static bool IsAhead(HttpRequest request, string header) => Says(request, header) || Says(request, header, "preview");

    // Clients that do not say what they fetch may be going somewhere.
    private static bool IsNavigation(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document";

    private static bool Says(HttpRequest request, string header, string what = "prefetch") =>
        request.Headers.TryGetValue(header, out var purpose)
        && purpose.ToString().Contains(what, StringComparison.OrdinalIgnoreCase);
}
