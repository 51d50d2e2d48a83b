using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Determines from request headers which site started a request.</summary>
internal static class RequestOrigin
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>Whether a page of the request's own host started the request.</summary>
    internal static bool IsThisHost(HttpRequest request) => request.Headers[FetchSite].ToString() switch
    {
        "same-origin" => true,
        "" => Find(request) is { } sender && IsHostOf(request, sender),
        _ => false,
    };

    /// <summary>Whether a page of the same site started the request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="domain">The domain that the site's hosts share, for browsers without fetch metadata; or null.</param>
    internal static bool IsThisSite(HttpRequest request, string? domain) => request.Headers[FetchSite].ToString() switch
    {
        "same-origin" or "same-site" => true,
        "" => Find(request) is { } sender
            && (IsHostOf(request, sender) || (domain is not null && HostNames.Covers(domain, sender))),
        _ => false,
    };

    /// <summary>Whether a page of another site started the request. False if the browser does not tell.</summary>
    /// <param name="request">The request.</param>
    /// <param name="domain">The domain that the site's hosts share, for browsers without fetch metadata; or null.</param>
    internal static bool IsOtherSite(HttpRequest request, string? domain) => request.Headers[FetchSite].ToString() switch
    {
        "cross-site" => true,
        "" => Find(request) is { } sender
            ? !IsHostOf(request, sender) && !IsParentOrChild(request, sender)
                && !(domain is not null && HostNames.Covers(domain, sender))
            : request.Headers.Origin.Count > 0, // "null": a sandboxed frame, or a page that hides its address
        _ => false,
    };

    /// <summary>Returns the origin or address of the page that started the request, or null if the browser does not tell.
    /// </summary>
    internal static Uri? FindPage(HttpRequest request)
    {
        var text = request.Headers.Origin is [{ Length: > 0 } origin, ..] ? origin : request.Headers.Referer.ToString();
        return Uri.TryCreate(text, UriKind.Absolute, out var page) ? page : null;
    }

    private static bool IsParentOrChild(HttpRequest request, string sender) =>
        HostNames.Covers(sender, request.Host.Host) || HostNames.Covers(request.Host.Host, sender);

    private static bool IsHostOf(HttpRequest request, string sender) =>
        string.Equals(sender, request.Host.Host, StringComparison.OrdinalIgnoreCase);

    private static string? Find(HttpRequest request) => FindPage(request)?.Host;
}
