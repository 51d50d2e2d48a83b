using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What a request tells about the browser that sent it.</summary>
/// <param name="Tab">The engine's name for the browser tab.</param>
/// <param name="Cookie">The visitor code in the cookie, which only some requests carry.</param>
/// <param name="UserAgent">The browser, or the server's client.</param>
internal sealed record BrowserIdentity(string? Tab, string? Cookie, string? UserAgent)
{
    private const int MaxText = 300;

    internal static BrowserIdentity None { get; } = new(null, null, null);

    internal static BrowserIdentity Of(HttpRequest request) => new(
        Cut(request.Query["tabId"]),
        Cut(request.Cookies["kameleoonVisitorCode"]),
        Cut(request.Headers.UserAgent));

    private static string? Cut(string? text) => text switch
    {
        null or "" => null,
        _ => Cutting.Cut(text, MaxText),
    };
}
