using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Distinguishes the live page and programs from pages of other origins, which must not change anything.
/// </summary>
internal static class SameOriginCheck
{
    /// <summary>A header that another origin cannot send without asking first, and is never allowed to.</summary>
    internal const string Header = "X-Kameleoon-Sandbox";

    // Browsers leave Sec-Fetch-Site out on plain http outside localhost; there the header decides.
    internal static bool IsSameOrigin(HttpRequest request) =>
        request.Headers.TryGetValue("Sec-Fetch-Site", out var site)
            ? string.Equals(site, "same-origin", StringComparison.Ordinal)
            : request.Headers.ContainsKey(Header);

    internal static Task RejectAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"Send the header {Header}: 1.", context.RequestAborted);
    }
}
