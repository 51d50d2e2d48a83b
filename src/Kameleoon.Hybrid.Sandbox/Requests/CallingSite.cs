using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads from a browser's headers how a page sent a request.</summary>
internal static class CallingSite
{
    /// <summary>Whether a page of another site sent the request. False if the browser does not say.</summary>
    internal static bool IsOther(HttpRequest request) =>
        string.Equals(request.Headers["Sec-Fetch-Site"], "cross-site", StringComparison.Ordinal);

    /// <summary>Whether the request navigates, by a form or a link, and is not a script's own.</summary>
    internal static bool IsNavigation(HttpRequest request) =>
        string.Equals(request.Headers["Sec-Fetch-Mode"], "navigate", StringComparison.Ordinal);
}
