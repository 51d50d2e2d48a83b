using System.Buffers;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The platform's filter: who says to be a program is answered 403. Off unless the option asks for it.</summary>
internal static class BotUserAgents
{
    private static readonly SearchValues<string> Confessions = SearchValues.Create(
        ["bot", "crawl", "spider", "slurp", "headless", "lighthouse", "curl/", "wget/", "python-"],
        StringComparison.OrdinalIgnoreCase);

    internal static bool IsBot(string? userAgent) => userAgent.AsSpan().ContainsAny(Confessions);
}
