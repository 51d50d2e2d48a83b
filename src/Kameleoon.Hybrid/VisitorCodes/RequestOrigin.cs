using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Tells whether a request was set off by a page of ours or by somebody else's.</summary>
internal static class RequestOrigin
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>Whether a page of the very host of the request set it off.</summary>
    internal static bool IsThisHost(HttpRequest request) => request.Headers[FetchSite].ToString() switch
    {
        "same-origin" => true,
        "" => Find(request) is { } sender && IsHostOf(request, sender),
        _ => false,
    };

    /// <summary>Whether a page of the host of the request set it off, or one of the same site.</summary>
    /// <param name="request">The request.</param>
    /// <param name="domain">The domain that the site's hosts share, which old browsers cannot tell; or null.</param>
    internal static bool IsThisSite(HttpRequest request, string? domain) => request.Headers[FetchSite].ToString() switch
    {
        "same-origin" or "same-site" => true,
        "" => Find(request) is { } sender
            && (IsHostOf(request, sender) || (domain is not null && HostNames.Covers(domain, sender))),
        _ => false,
    };

    private static bool IsHostOf(HttpRequest request, string sender) =>
        string.Equals(sender, request.Host.Host, StringComparison.OrdinalIgnoreCase);

    private static string? Find(HttpRequest request)
    {
        var text = request.Headers.Origin is [{ Length: > 0 } origin, ..] ? origin : request.Headers.Referer.ToString();
        return Uri.TryCreate(text, UriKind.Absolute, out var address) ? address.Host : null;
    }
}
