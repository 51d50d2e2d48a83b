using System.Buffers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Recognises bots by their user agent and its client hints.</summary>
/// <remarks>A request without a user agent, or with that of a browser or of an HTTP library that apps and back ends
/// use, does not count as a bot's.</remarks>
internal sealed class UserAgentBotDetector : IBotDetector
{
    // Word, Excel and Outlook request a link before they open it in the browser. The list does not contain them.
    private static readonly SearchValues<string> Texts =
        SearchValues.Create([.. BotList.Texts, "ms-office"], StringComparison.OrdinalIgnoreCase);

    // The list contains these, because it is made for web pages. Here they are apps or tests.
    private static readonly string[] Libraries =
    [
        "okhttp/", "Dart/", "CFNetwork/", "Ktor client", "axios/", "node-fetch/", "node/", "undici", "curl/",
        "Wget/", "python-", "Go-http-client/", "Java/", "Java-http-client/", "Apache-HttpClient/", "PostmanRuntime/", "insomnia/", "HTTPie/",
    ];

    private static readonly SearchValues<string> Confessions =
        SearchValues.Create(["bot", "crawl", "spider"], StringComparison.OrdinalIgnoreCase);

    private readonly UserAgentVerdicts _verdicts = new();

    public bool IsBot(HttpRequest request)
    {
        // A crawler may send the user agent of a browser. The client hints still name the program.
        var headers = request.Headers;
        if (IsHeadless(headers["Sec-CH-UA"]) || IsHeadless(headers["Sec-CH-UA-Full-Version-List"]))
        {
            return true;
        }

        if (RequestIntent.UserAgentOf(request) is not { Length: > 0 } agent)
        {
            return false;
        }

        if (_verdicts.Find(agent) is { } known)
        {
            return known;
        }

        if (Judge(agent) is not { } isBot)
        {
            return false;
        }

        _verdicts.Keep(agent, isBot);
        return isBot;
    }

    private static bool IsHeadless(StringValues brands)
    {
        foreach (var brand in brands)
        {
            if (brand?.Contains("\"Headless", StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLibrary(string agent) =>
        agent is "node"
        || (Array.Exists(Libraries, library => agent.StartsWith(library, StringComparison.OrdinalIgnoreCase))
            && !agent.AsSpan().ContainsAny(Confessions));

    /// <summary>Searches the list, and returns null when that took too long.</summary>
    internal static bool? Judge(string agent)
    {
        if (IsLibrary(agent))
        {
            return false;
        }

        try
        {
            return agent.AsSpan().ContainsAny(Texts) || BotList.Start().IsMatch(agent) || BotList.Rest().IsMatch(agent);
        }
        catch (RegexMatchTimeoutException)
        {
            // The likely cause is a machine that is starting or busy, not the text, so the result is not cached.
            return null;
        }
    }
}
