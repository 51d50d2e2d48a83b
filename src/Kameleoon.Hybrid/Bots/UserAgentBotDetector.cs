using System.Buffers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Knows bots by what their user agent and its client hints say.</summary>
/// <remarks>Whoever sends none, or that of a browser or of a library by which mobile apps and back ends call, is taken for
/// a person.</remarks>
internal sealed class UserAgentBotDetector : IBotDetector
{
    // Word, Excel and Outlook look at a link before they open it in the browser; the list leaves them out.
    private static readonly SearchValues<string> Texts =
        SearchValues.Create([.. BotList.Texts, "ms-office"], StringComparison.OrdinalIgnoreCase);

    // The list counts them, as it is made for web pages. Behind them are apps with people, or tests.
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
        // A crawler may send the user agent of a browser. The hints still name what runs.
        if (IsHeadless(request.Headers["Sec-CH-UA"]) || IsHeadless(request.Headers["Sec-CH-UA-Full-Version-List"]))
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

    /// <summary>Looks at the list, or gives null when that took too long.</summary>
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
            // More likely a machine that is starting or busy than a text made to take long: nothing to remember.
            return null;
        }
    }
}
