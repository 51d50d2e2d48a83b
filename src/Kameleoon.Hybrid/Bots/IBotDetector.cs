using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Tells bots from people: crawlers, link previews, mail scanners, monitors, headless browsers.</summary>
/// <remarks>
/// Register your own as a singleton to ask a bot-management service that stands in front of the application, for
/// example by a header of its. The default one knows bots by their user agent. <see cref="KameleoonBots"/> is asked
/// before either.
/// </remarks>
public interface IBotDetector
{
    /// <summary>Whether a request is a bot's. Asked once for a request, when a decision, the cookie or the report of an
    /// exposure depends on it.</summary>
    /// <param name="request">The request.</param>
    /// <returns>True for a bot: it gets default variations and no cookie, and nothing of it is reported.</returns>
    /// <remarks>Called from many threads at the same time, and waited for: answer from memory. What it throws is logged
    /// once, and the visitor is taken for a person.</remarks>
    bool IsBot(HttpRequest request);
}
