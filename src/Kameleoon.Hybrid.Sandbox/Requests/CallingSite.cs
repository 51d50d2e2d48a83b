using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Determines from the headers of browsers whose page sent a request.</summary>
internal static class CallingSite
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>Whether a page of this site sent the request, as the library's own <c>/sync</c> decides it.</summary>
    internal static bool IsThis(HttpRequest request) => request.Headers[FetchSite].ToString() switch
    {
        "same-origin" or "same-site" => true,
        "" => SenderOf(request) is { } sender && string.Equals(sender, request.Host.Host, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>Whether the browser says that a page of another site sent the request.</summary>
    internal static bool IsOther(HttpRequest request) =>
        string.Equals(request.Headers[FetchSite], "cross-site", StringComparison.Ordinal);

    /// <summary>Whether a form was sent or a link followed, rather than a script asking.</summary>
    internal static bool IsNavigation(HttpRequest request) =>
        string.Equals(request.Headers["Sec-Fetch-Mode"], "navigate", StringComparison.Ordinal);

    private static string? SenderOf(HttpRequest request)
    {
        var text = request.Headers.Origin is [{ Length: > 0 } origin, ..] ? origin : request.Headers.Referer.ToString();
        return Uri.TryCreate(text, UriKind.Absolute, out var page) ? page.Host : null;
    }
}
