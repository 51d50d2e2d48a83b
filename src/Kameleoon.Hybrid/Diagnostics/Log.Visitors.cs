using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

// Messages about visitors: codes, consent, data and sessions: ids 201 to 299.
internal static partial class Log
{
    [LoggerMessage(201, LogLevel.Error,
        "Kameleoon:Cookie:Domain is {Domain}, but a request arrived for {Host}. Browsers reject the visitor-code "
        + "cookie there, so each page view counts as a new visitor.")]
    internal static partial void CookieDomainMismatch(this ILogger logger, string domain, string host);

    [LoggerMessage(202, LogLevel.Error,
        "A flag was decided for {Path} after the response had started, so the headers that keep the page out of "
        + "shared caches cannot be set. Decide before the first byte is written. Logged once a route.")]
    internal static partial void DecidedTooLate(this ILogger logger, string path);

    [LoggerMessage(203, LogLevel.Debug, "A visitor code in the {Source} was rejected.")]
    internal static partial void VisitorCodeRefused(this ILogger logger, string source);

    [LoggerMessage(204, LogLevel.Debug, "A simulation was rejected. {Problem}")]
    internal static partial void SimulationRefused(this ILogger logger, string problem);

    [LoggerMessage(230, LogLevel.Warning,
        "The cookie kameleoonOverrides was rejected and is removed: it has expired, was changed, or was signed with keys that this "
        + "server does not have. Servers of one application share the keys of Data Protection. Logged once.")]
    internal static partial void OverrideRefused(this ILogger logger);

    [LoggerMessage(205, LogLevel.Warning,
        "The data file has no custom data '{Name}'; data added under that name is discarded.")]
    internal static partial void UnknownCustomData(this ILogger logger, string name);

    [LoggerMessage(206, LogLevel.Warning, "A page view without an address was added. It is discarded. Logged once.")]
    internal static partial void PageWithoutAddress(this ILogger logger);

    [LoggerMessage(207, LogLevel.Error,
        "The consent provider {Provider} failed; its visitors count as not asked yet. Logged once.")]
    internal static partial void ConsentProviderFailed(this ILogger logger, Exception exception, string provider);

    [LoggerMessage(208, LogLevel.Error,
        "KameleoonOptions.{Setting} failed or returned a visitor code that a cookie cannot carry. It is ignored. A "
        + "code has 1 to 255 visible ASCII characters without blanks, quotes, commas, semicolons, backslashes, '<' "
        + "and '>'. Logged once.")]
    internal static partial void VisitorCodeUnfit(this ILogger logger, Exception? exception, string setting);

    [LoggerMessage(209, LogLevel.Error,
        "The visitor's consent changed on {Path} after the response had started, so the visitor-code cookie cannot "
        + "be set or removed in it. Call SetLegalConsent before the first byte is written. Logged once a route.")]
    internal static partial void ConsentTooLate(this ILogger logger, string path);

    [LoggerMessage(210, LogLevel.Error,
        "{Path} allowed shared caches to store a response with a decision or a visitor's cookie. {Outcome} Decide flags on "
        + "other pages, or remove the caching header from this one. What a middleware sets in Response.OnStarting may come "
        + "last, so let it set the header before it calls the next one. Logged once a route.")]
    internal static partial void SharedAfterDecision(this ILogger logger, string path, string outcome);

    [LoggerMessage(211, LogLevel.Error,
        "The output cache asked for the variations of {Path} before the visitor was known, so the page is not "
        + "cached. Call app.UseKameleoonVisitorCode() before app.UseOutputCache(). Logged once a route.")]
    internal static partial void OutputCacheTooEarly(this ILogger logger, string path);

    [LoggerMessage(212, LogLevel.Warning,
        "{Path} has more combinations of variations than the {Max} that its cache policy stores; further ones are "
        + "rendered for each visitor. Name fewer flags, or raise maxCells.")]
    internal static partial void TooManyCells(this ILogger logger, string path, int max);

    [LoggerMessage(228, LogLevel.Warning,
        "The output cache's store is unavailable; pages are made for each visitor until it is back. {Problem}")]
    internal static partial void OutputCacheStoreUnavailable(this ILogger logger, string problem);

    [LoggerMessage(229, LogLevel.Information, "The output cache's store is back.")]
    internal static partial void OutputCacheStoreRecovered(this ILogger logger);

    [LoggerMessage(213, LogLevel.Error,
        "The application's IBotDetector failed; the request counts as a person's. Logged once.")]
    internal static partial void BotDetectorFailed(this ILogger logger, Exception exception);

    [LoggerMessage(214, LogLevel.Warning,
        "A visitor code of {Length} characters was adopted. The data API accepts {Max} and may drop events of "
        + "longer codes without an error. Use shorter visitor codes. Logged once.")]
    internal static partial void LongVisitorCode(this ILogger logger, int length, int max);

    [LoggerMessage(215, LogLevel.Warning,
        "A browser sent the cookie kameleoonVisitorCode twice, with different codes; the first one is used, as by "
        + "the engine. The usual cause is a Kameleoon:Cookie:Domain that changed or differs from the engine's. "
        + "Logged once.")]
    internal static partial void DuplicateVisitorCode(this ILogger logger);

    [LoggerMessage(216, LogLevel.Warning,
        "A script reported consent to {Path} without a visitor code, so the consent is ignored. Send the page's "
        + "code in the query parameter kameleoonVisitorCode. Logged once a route.")]
    internal static partial void ConsentWithoutVisitor(this ILogger logger, string path);

    [LoggerMessage(217, LogLevel.Error,
        "KameleoonOptions.SelectProject named '{Project}', which is not a project of this application; the default "
        + "project is used. Add it by builder.Services.AddKameleoonHybrid(name, …).")]
    internal static partial void UnknownProject(this ILogger logger, string project);

    [LoggerMessage(218, LogLevel.Error,
        "KameleoonOptions.SelectProject failed; the request's host selects the project instead. Logged once.")]
    internal static partial void SelectProjectFailed(this ILogger logger, Exception exception);

    [LoggerMessage(219, LogLevel.Warning,
        "Data of the kind {Kind} is longer than the platform accepts. Conditions can use it, but it is not sent. "
        + "Further data is counted and not logged.")]
    internal static partial void DataTooLong(this ILogger logger, string kind);

    [LoggerMessage(220, LogLevel.Error,
        "A UniqueIdentifier was added, but the data file has no custom data that identifies a person across "
        + "devices, so the platform treats the person's code as a browser's. Mark one on the platform. Logged once.")]
    internal static partial void NoMappingIdentifier(this ILogger logger);

    [LoggerMessage(221, LogLevel.Error,
        "The store of shared sessions is unreachable. Pages use what this server knows of their visitors, and "
        + "changes are written once the store answers again.")]
    internal static partial void SharedSessionsUnavailable(this ILogger logger, Exception exception);

    [LoggerMessage(222, LogLevel.Information, "The store of shared sessions answers again.")]
    internal static partial void SharedSessionsRecovered(this ILogger logger);

    [LoggerMessage(223, LogLevel.Warning, "{Count} changes of visitors' sessions were not shared: {Reason}.")]
    internal static partial void SessionChangesDropped(this ILogger logger, int count, string reason);

    [LoggerMessage(224, LogLevel.Error,
        "The store of shared sessions rejected an operation while it answers others. This server uses what it "
        + "knows. Logged once.")]
    internal static partial void SessionStoreRefuses(this ILogger logger, Exception exception);

    [LoggerMessage(226, LogLevel.Warning,
        "Another site started a request for {Route} by a form or in a frame, so the browser did not send its visitor code. "
        + "No cookie is written, and nothing is reported under the generated code. Keep the visitor code with the order "
        + "and pass it to IKameleoonClientFactory.ForVisitor, or set Kameleoon:Cookie:SameSite to None (for frames also "
        + "Kameleoon:Cookie:Partitioned to true). Logged once a route.")]
    internal static partial void CookieWithheld(this ILogger logger, string route);

    [LoggerMessage(227, LogLevel.Warning,
        "A browser sent the cookie kameleoonVisitorCode twice to {Host}, with the same code. The engine writes it for the "
        + "registrable domain and this server for the host, so other hosts only get the engine's short-lived cookie. Set "
        + "Kameleoon:Cookie:Domain to the registrable domain of {Host}, as example.com is that of www.example.com. Logged "
        + "once.")]
    internal static partial void SameVisitorCodeTwice(this ILogger logger, string host);
}
