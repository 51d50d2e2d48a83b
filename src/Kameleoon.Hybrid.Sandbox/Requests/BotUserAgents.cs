using System.Buffers;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Recognises bots by their user agent. The sandbox answers them 403 when the option <c>RefuseBots</c> is
/// on.</summary>
internal static class BotUserAgents
{
    private static readonly SearchValues<string> Confessions = SearchValues.Create(
        ["bot", "crawl", "spider", "slurp", "headless", "lighthouse", "curl/", "wget/", "python-"],
        StringComparison.OrdinalIgnoreCase);

    internal static bool IsBot(string? userAgent) => userAgent.AsSpan().ContainsAny(Confessions);
}
