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

    /// <summary>Whether a page may be what is fetched ahead. What a link names does not say what it is; what a
    /// prerendered page loads is none.</summary>
    internal static bool IsPrefetchedPage(HttpRequest request) => IsPrefetch(request)
        && (IsNavigation(request)
            || (request.Headers["Sec-Fetch-Dest"] == "empty" && !Says(request, "Sec-Purpose", "prerender")));

    /// <summary>Whether inline scripts of this response run. A script that fetches HTML inserts it, and then they do
    /// not; a page fetched ahead may be shown as it is.</summary>
    internal static bool RunsScripts(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is not "empty" || IsPrefetch(request);

    /// <summary>Whether this is fetched ahead. Such a page is reported by the browser if it is ever shown.</summary>
    internal static bool IsPrefetch(HttpRequest request) =>
        Says(request, "Sec-Purpose") || Says(request, "Purpose") || Says(request, "X-Moz");

    /// <summary>Whether the browser loads the response as a document in a frame of another site's page.</summary>
    internal static bool IsCrossSiteFrame(HttpRequest request) => IsFrame(request) && RequestOrigin.IsOtherSite(request, null);

    /// <summary>Whether the browser loads the response as a document in a frame.</summary>
    internal static bool IsFrame(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "iframe" or "frame" or "embed" or "object" or "fencedframe";

    internal static string? UserAgentOf(HttpRequest request) => request.Headers.UserAgent is [{ } agent, ..]
        ? agent.Length <= MaxUserAgentLength ? agent : agent[..MaxUserAgentLength]
        : null;

    // Clients that do not say what they fetch may be going somewhere.
    private static bool IsNavigation(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document";

    private static bool Says(HttpRequest request, string header, string what = "prefetch") =>
        request.Headers.TryGetValue(header, out var purpose)
        && purpose.ToString().Contains(what, StringComparison.OrdinalIgnoreCase);
}
