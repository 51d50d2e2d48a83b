using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Detects bots: crawlers, link previews, mail scanners, monitors, headless browsers.</summary>
/// <remarks>
/// Register your own as a singleton to use the result of a bot-management service in front of the application, for
/// example a request header. The default detector uses the user agent. <see cref="KameleoonBotsOptions"/> is asked
/// before either.
/// </remarks>
public interface IBotDetector
{
    /// <summary>Returns whether a request comes from a bot. Called at most once for a request, when a decision, the
    /// cookie, the link to a user or the report of an exposure depends on it. Decisions that begin at the same moment may call
    /// at the same moment.</summary>
    /// <param name="request">The request.</param>
    /// <returns>True for a bot: it gets default variations and no cookie, and is not tracked.</returns>
    /// <remarks>Called concurrently and synchronously, so it must not block. An exception is logged once, and the
    /// request then counts as a person's.</remarks>
    bool IsBot(HttpRequest request);
}
