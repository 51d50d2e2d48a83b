using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Decides from request headers what a request is for: opening a page, a frame, a prefetch, or a script's own
/// fetch.</summary>
internal static class RequestIntent
{
    // Browsers send shorter ones, and thousands of them wait in memory while the platform is unavailable.
    private const int MaxUserAgentLength = 512;

    /// <summary>Whether the response may set the visitor's cookie: only if the request opens a page. Parallel requests
    /// of one page would otherwise each generate another visitor code.</summary>
    internal static bool CanKeepCookie(HttpRequest request) => IsNavigation(request);

    /// <summary>Whether the browser says that it opens a page with the request, by its headers.</summary>
    internal static bool OpensPage(HttpRequest request) =>
        request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";

    /// <summary>Whether a script of this site opens the page, without a click or a key. False if the browser does not
    /// tell.</summary>
    /// <remarks>Safari, and every browser on iOS, tells where a navigation comes from but never sends <c>Sec-Fetch-User</c>
    /// (mdn/browser-compat-data#27928), so its clicks look like a script's.</remarks>
    internal static bool IsScriptedNavigation(HttpRequest request) =>
        OpensPage(request)
        && request.Headers["Sec-Fetch-Site"].ToString() is "same-origin" or "same-site"
        && !request.Headers.ContainsKey("Sec-Fetch-User")
        && TellsOfClicks(request)
        && !IsPrefetch(request);

    /// <summary>Whether the browser prefetches what may be a page. Requests of a prerendered page for its own resources
    /// are not included.</summary>
    /// <remarks>A prefetch by a script is not included: the script would show the refusal in the page.</remarks>
    internal static bool IsPrefetchedPage(HttpRequest request) => IsPrefetchOfBrowser(request.Headers)
        && (IsNavigation(request)
            || (IsForScript(request) && !Says(request, "Sec-Purpose", "prerender")));

    /// <summary>Whether inline scripts of the response run. They do not run in HTML that a script inserts, nor in an error page
    /// in place of an image; a prefetched page may be shown as a whole.</summary>
    internal static bool RunsScripts(HttpRequest request) =>
        IsNavigation(request) || IsFrame(request) || (IsForScript(request) && IsPrefetch(request));

    /// <summary>Whether a script fetches the response and uses it at once, as far as the browser tells.</summary>
    internal static bool IsFetched(HttpRequest request) => IsForScript(request) && !IsPrefetch(request);

    /// <summary>Whether the request is a prefetch, by the browser or by a script. The page reports its exposures when
    /// it is shown.</summary>
    internal static bool IsPrefetch(HttpRequest request) =>
        HeaderSearch.Any(request.Headers, static (_, name, value) => IsPrefetchOfBrowser(name, value) || IsPrefetchOfScript(name, value))
        || FetchedAhead.IsMarked(request.HttpContext);

    /// <summary>Whether a script of a page makes the request and inserts the response.</summary>
    internal static bool IsFetchedByScript(HttpRequest request) =>
        HeaderSearch.Any(request.Headers, static (_, name, value) => IsPrefetchOfScript(name, value))
        || FetchedAhead.IsMarked(request.HttpContext)
        || (IsForScript(request) && !IsPrefetchOfBrowser(request.Headers));

    /// <summary>Whether a header is present and neither empty, <c>0</c> nor <c>false</c>.</summary>
    internal static bool IsSet(IHeaderDictionary headers, string header) =>
        headers.TryGetValue(header, out var value) && IsSet(value);

    /// <summary>Whether the browser loads the response as a document in a frame of another site's page.</summary>
    internal static bool IsCrossSiteFrame(HttpRequest request) => IsFrame(request) && RequestOrigin.IsOtherSite(request, null);

    /// <summary>Whether the browser loads the response as a document in a frame.</summary>
    internal static bool IsFrame(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "iframe" or "frame" or "embed" or "object" or "fencedframe";

    internal static string? UserAgentOf(HttpRequest request) => request.Headers.UserAgent is [{ } agent, ..]
        ? agent.Length <= MaxUserAgentLength ? agent : agent[..MaxUserAgentLength]
        : null;

    // On iOS they are named CriOS and FxiOS.
    private static bool TellsOfClicks(HttpRequest request) => request.Headers.UserAgent.ToString() is var agent
        && (agent.Contains("Chrome/", StringComparison.Ordinal) || agent.Contains("Firefox/", StringComparison.Ordinal));

    private static bool IsPrefetchOfBrowser(IHeaderDictionary headers) =>
        HeaderSearch.Any(headers, static (_, name, value) => IsPrefetchOfBrowser(name, value));

    private static bool IsPrefetchOfBrowser(string name, StringValues value) => name.Length switch
    {
        5 => Is(name, "X-Moz"),
        7 => Is(name, "Purpose"),
        9 => Is(name, "X-Purpose"),
        11 => Is(name, "Sec-Purpose"),
        _ => false,
    } && IsAhead(value);

    // Scripts may not set headers that begin with Sec-. Turbo 8, htmx and Next.js have their own, and so may others.
    private static bool IsPrefetchOfScript(string name, StringValues value) => name.Length switch
    {
        12 => Is(name, "HX-Preloaded") && IsSet(value),
        13 => Is(name, "X-Sec-Purpose") && IsAhead(value),
        20 => Is(name, "Next-Router-Prefetch") && IsSet(value),
        _ => false,
    };

    private static bool Is(string name, string header) => name.Equals(header, StringComparison.OrdinalIgnoreCase);

    private static bool IsAhead(StringValues purpose) => purpose.ToString() is var text
        && (text.Contains("prefetch", StringComparison.OrdinalIgnoreCase)
            || text.Contains("preview", StringComparison.OrdinalIgnoreCase));

    private static bool IsSet(StringValues value) => value.ToString().Trim() is not ("" or "0" or "false");

    // Clients without fetch metadata may open a page.
    private static bool IsNavigation(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document";

    // A fetch of a script, or of a link that prefetches.
    private static bool IsForScript(HttpRequest request) => request.Headers["Sec-Fetch-Dest"].ToString() is "empty";

    private static bool Says(HttpRequest request, string header, string what) =>
        request.Headers.TryGetValue(header, out var purpose)
        && purpose.ToString().Contains(what, StringComparison.OrdinalIgnoreCase);
}
