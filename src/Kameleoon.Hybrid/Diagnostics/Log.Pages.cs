using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

// Messages about tags and components on pages: ids 401 to 499.
internal static partial class Log
{
    [LoggerMessage(401, LogLevel.Error, "{Route}: {Mistake}")]
    internal static partial void TagMisused(this ILogger logger, string route, string mistake);

    [LoggerMessage(402, LogLevel.Warning,
        "{Route}: the Content-Security-Policy names a nonce, but the tags found none, so browsers block their "
        + "scripts and nothing is tracked. Give the tags a nonce attribute, register an IKameleoonNonceProvider, or "
        + "put the nonce into HttpContext.Items[\"csp-nonce\"].")]
    internal static partial void NonceMissing(this ILogger logger, string route);

    [LoggerMessage(403, LogLevel.Warning,
        "{Route}: a script fetched a page with <kameleoon-tracking />. Browsers run no scripts in HTML that a "
        + "script inserts, so the server reports the exposures and the engine's integrations miss them. Return "
        + "GetEngineTrackingCode() with the HTML and run it from the page's code.")]
    internal static partial void FetchedWithTracking(this ILogger logger, string route);

    [LoggerMessage(404, LogLevel.Warning,
        "{Route}: the page was prefetched and ExposureBy is Server, so the server cannot know whether it is shown "
        + "and does not count its exposures. Place <kameleoon-tracking /> on it, which reports when it is shown, or "
        + "set Kameleoon:Prefetch to Refuse.")]
    internal static partial void FetchedAhead(this ILogger logger, string route);

    [LoggerMessage(405, LogLevel.Warning,
        "{Route}: a flag was decided for a new visitor who has not answered the question of consent, and the response is no page "
        + "that passes the visitor code to the engine. Without consent it may set no cookie, so the next request has another "
        + "code, and the exposure is dropped. If one arm of an experiment redirects or fails, that arm loses these visitors: "
        + "decide on the page that the redirect leads to, or after the answer.")]
    internal static partial void DecidedBeforeAnswer(this ILogger logger, string route);

    [LoggerMessage(406, LogLevel.Warning,
        "{Route}: a flag was decided for a new visitor, and the request failed with an exception that no middleware handled. Such a "
        + "response sets no cookie, so the next request has another code, and the exposure is dropped. If one arm of an experiment "
        + "fails, that arm loses its new visitors: call app.UseExceptionHandler(…).")]
    internal static partial void FailedWithoutHandler(this ILogger logger, string route);

    [LoggerMessage(410, LogLevel.Warning,
        "{Route}: a flag was decided after the page with <KameleoonTracking /> was sent, so the server reports the "
        + "exposure and the engine's integrations miss it. On a page with [StreamRendering], decide before the first "
        + "await.")]
    internal static partial void DecidedAfterTracking(this ILogger logger, string route);

    [LoggerMessage(411, LogLevel.Warning,
        "{Route}: the engine may not get a conversion or custom data inside the tracking tag, because {Reason}. Report it with "
        + "TrackConversion or AddData instead.")]
    internal static partial void CommandUnsent(this ILogger logger, string route, string reason);
}
