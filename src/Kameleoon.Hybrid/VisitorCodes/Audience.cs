using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Tells responses that a person sees from those that nobody does.</summary>
internal static class Audience
{
    // What crawlers and link previews put into their user agent; a person's browser has none of it.
    private static readonly string[] BotMarks =
        ["+http", "bot/", "bot;", "bot)", "crawler", "spider", "slurp", "facebookexternalhit", "preview"];

    /// <summary>Whether exposures of this response may be counted by the server.</summary>
    internal static bool MaySee(HttpContext context) =>
        !HttpMethods.IsHead(context.Request.Method)
        && context.Response.StatusCode is >= 200 and < 300
        && !context.RequestAborted.IsCancellationRequested
        && !IsPrefetch(context.Request)
        && !IsBot(context.Request);

    /// <summary>Whether a browser keeps a cookie of this response for the visitor: not for a page's images, scripts
    /// and styles, and a bot keeps none.</summary>
    internal static bool CanKeepCookie(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document" or "empty" or "iframe" && !IsBot(request);

    /// <summary>A page fetched ahead is reported by the engine if it is ever shown.</summary>
    private static bool IsPrefetch(HttpRequest request) =>
        Says(request, "Sec-Purpose") || Says(request, "Purpose") || Says(request, "X-Moz");

    internal static bool IsBot(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        foreach (var mark in BotMarks)
        {
            if (agent.Contains(mark, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Says(HttpRequest request, string header) =>
        request.Headers.TryGetValue(header, out var purpose)
        && purpose.ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase);
}
