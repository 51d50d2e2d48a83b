using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Tells responses that a person sees from those that nobody does.</summary>
internal static class Audience
{
    // Longer ones are no browser's, and thousands of them wait in memory while the platform is away.
    private const int MaxUserAgentLength = 512;

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

    /// <summary>Whether this response may set the visitor's cookie: only where a person goes somewhere. A page's
    /// requests beside its first would each make up another visitor, and a bot is none.</summary>
    internal static bool CanKeepCookie(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document" && !IsBot(request);

    /// <summary>Whether inline scripts of this response run. A script that fetches HTML inserts it, and then they do
    /// not.</summary>
    internal static bool RunsScripts(HttpRequest request) => request.Headers["Sec-Fetch-Dest"].ToString() is not "empty";

    internal static string? UserAgentOf(HttpRequest request) => request.Headers.UserAgent is [{ } agent, ..]
        ? agent.Length <= MaxUserAgentLength ? agent : agent[..MaxUserAgentLength]
        : null;

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
