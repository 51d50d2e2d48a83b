using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Every message of the library. Ids are never reused: 1xx configuration, 2xx visitors, 3xx tracking,
/// 4xx pages, 5xx connections,
/// 6xx identity.</summary>
/// <remarks>Visitor codes are personal data and appear at Debug only.</remarks>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Information,
        "Data file of site {SiteCode} applied: {Flags} flags, modified {DateModified}.")]
    internal static partial void ConfigurationApplied(
        this ILogger logger, string siteCode, int flags, DateTimeOffset? dateModified);

    [LoggerMessage(102, LogLevel.Error, "No data file of site {SiteCode} could be applied; {InForce}. {Problem}")]
    internal static partial void ConfigurationRefused(
        this ILogger logger, string siteCode, string problem, string inForce);

    [LoggerMessage(103, LogLevel.Information, "The data file of site {SiteCode} can be read again.")]
    internal static partial void ConfigurationRecovered(this ILogger logger, string siteCode);

    [LoggerMessage(104, LogLevel.Warning, "{Warning}")]
    internal static partial void ConfigurationWarning(this ILogger logger, string warning);

    [LoggerMessage(105, LogLevel.Warning,
        "The application starts without a data file of site {SiteCode}: it did not arrive within "
        + "Kameleoon:StartTimeout. Flags are off until it does.")]
    internal static partial void StartedWithoutConfiguration(this ILogger logger, string siteCode);

    [LoggerMessage(106, LogLevel.Warning, "The data file has no flag '{FeatureKey}'; its visitors get the variation off.")]
    internal static partial void UnknownFlag(this ILogger logger, string featureKey);

    [LoggerMessage(107, LogLevel.Information,
        "Flags of site {SiteCode} changed. Added: {Added}. Removed: {Removed}. Modified: {Modified}.")]
    internal static partial void FlagsChanged(
        this ILogger logger, string siteCode, string added, string removed, string modified);

    [LoggerMessage(108, LogLevel.Error,
        "The data file of site {SiteCode} is in force, but what the application does about its change failed.")]
    internal static partial void ListenersFailed(this ILogger logger, Exception exception, string siteCode);

    [LoggerMessage(109, LogLevel.Information,
        "The last good data file of site {SiteCode} is in force until the platform answers. It was confirmed {Age} "
        + "ago.")]
    internal static partial void LastGoodCopyRead(this ILogger logger, string siteCode, TimeSpan age);

    [LoggerMessage(110, LogLevel.Warning, "The last good data file of site {SiteCode} cannot be used. {Problem}")]
    internal static partial void LastGoodCopyUnreadable(this ILogger logger, string siteCode, string problem);

    [LoggerMessage(111, LogLevel.Warning,
        "The data file of site {SiteCode} is kept in memory only: a restart during an outage would start without one. "
        + "Set Kameleoon:Configuration:LastGoodCopyFolder to a folder that the application can write, or "
        + "Kameleoon:Configuration:LastGoodCopy to false. {Problem}")]
    internal static partial void LastGoodCopyUnwritable(this ILogger logger, string siteCode, string problem);

    [LoggerMessage(112, LogLevel.Warning,
        "The event stream of site {SiteCode} is lost; changes are noticed by polling until it is back. {Problem}")]
    internal static partial void StreamLost(this ILogger logger, string siteCode, string problem);

    [LoggerMessage(113, LogLevel.Information, "The event stream of site {SiteCode} is back.")]
    internal static partial void StreamRecovered(this ILogger logger, string siteCode);

    [LoggerMessage(114, LogLevel.Debug, "The event stream of site {SiteCode} announced a data file: {Outcome}.")]
    internal static partial void StreamEvent(this ILogger logger, string siteCode, string outcome);

    [LoggerMessage(115, LogLevel.Warning, "{Path} cannot be watched, and is looked at every {Interval}. {Problem}")]
    internal static partial void FileNotWatched(this ILogger logger, string path, TimeSpan interval, string problem);

    [LoggerMessage(116, LogLevel.Warning,
        "Variable '{VariableKey}' of variation '{VariationKey}' of flag '{FeatureKey}' is {Type} and was read as "
        + "{AskedType}; the caller got its default.")]
    internal static partial void VariableMismatch(
        this ILogger logger, string featureKey, string variationKey, string variableKey, string type, string askedType);

    [LoggerMessage(201, LogLevel.Error,
        "Kameleoon:Cookie:Domain is {Domain}, but a request came for {Host}: browsers drop the visitor-code cookie "
        + "there, and every page of such a visitor is a new visitor.")]
    internal static partial void CookieDomainMismatch(this ILogger logger, string domain, string host);

    [LoggerMessage(202, LogLevel.Error,
        "A flag was decided for {Path} after the response had started, so caches cannot be told that the page belongs "
        + "to one visitor. Decide before the first byte is written.")]
    internal static partial void DecidedTooLate(this ILogger logger, string path);

    [LoggerMessage(203, LogLevel.Debug, "A visitor code in the {Source} was refused.")]
    internal static partial void VisitorCodeRefused(this ILogger logger, string source);

    [LoggerMessage(204, LogLevel.Debug, "A simulation was refused. {Problem}")]
    internal static partial void SimulationRefused(this ILogger logger, string problem);

    [LoggerMessage(205, LogLevel.Warning,
        "The data file has no custom data '{Name}'; what is added under that name is not kept.")]
    internal static partial void UnknownCustomData(this ILogger logger, string name);

    [LoggerMessage(206, LogLevel.Warning, "A page view without an address was added; such are not kept.")]
    internal static partial void PageWithoutAddress(this ILogger logger);

    [LoggerMessage(207, LogLevel.Error,
        "The consent provider {Provider} failed; its visitors count as not asked yet. Further failures are not logged.")]
    internal static partial void ConsentProviderFailed(this ILogger logger, Exception exception, string provider);

    [LoggerMessage(208, LogLevel.Error,
        "KameleoonOptions.{Setting} gave no visitor code that a cookie can carry: 1 to 255 visible ASCII characters without blanks, "
        + "quotes, commas, semicolons, backslashes, '<' and '>'. It is passed over. Further ones are not logged.")]
    internal static partial void VisitorCodeUnfit(this ILogger logger, Exception? exception, string setting);

    [LoggerMessage(209, LogLevel.Error,
        "The visitor's consent changed on {Path} after the response had started, so the visitor-code cookie cannot be "
        + "set or removed in it. Call SetLegalConsent before the first byte is written.")]
    internal static partial void ConsentTooLate(this ILogger logger, string path);

    [LoggerMessage(210, LogLevel.Error,
        "{Path} told shared caches to keep the page after a flag was decided for it; it was kept from them. Decide flags "
        + "on pages of their own, or remove the caching from this one.")]
    internal static partial void SharedAfterDecision(this ILogger logger, string path);

    [LoggerMessage(211, LogLevel.Error,
        "The output cache asked for the variations of {Path} before there was a visitor, so the page is not cached. Call "
        + "app.UseKameleoonVisitorCode() before app.UseOutputCache().")]
    internal static partial void OutputCacheTooEarly(this ILogger logger, string path);

    [LoggerMessage(212, LogLevel.Warning,
        "{Path} has more combinations of variations than the {Max} that its cache policy stores; further ones are made "
        + "for each visitor. Name fewer flags, or raise maxCells.")]
    internal static partial void TooManyCells(this ILogger logger, string path, int max);

    [LoggerMessage(213, LogLevel.Error,
        "The application's IBotDetector failed; its visitors are taken for people. Logged once.")]
    internal static partial void BotDetectorFailed(this ILogger logger, Exception exception);

    [LoggerMessage(214, LogLevel.Warning,
        "A visitor code of {Length} characters was adopted. The data API takes {Max} and may drop what is reported of "
        + "longer ones without a word. Give your visitors shorter codes. Further ones are not logged.")]
    internal static partial void LongVisitorCode(this ILogger logger, int length, int max);

    [LoggerMessage(215, LogLevel.Warning,
        "A browser sent the cookie kameleoonVisitorCode twice, with different codes; the first one counts, as for the "
        + "engine. Usually Kameleoon:Cookie:Domain was changed, or is not the engine's. Further ones are not logged.")]
    internal static partial void DuplicateVisitorCode(this ILogger logger);

    [LoggerMessage(216, LogLevel.Warning,
        "A script told {Path} of a visitor's consent without saying whose: the request had no visitor code, so the answer "
        + "is nobody's. Send the page's code along, as the query parameter kameleoonVisitorCode.")]
    internal static partial void ConsentOfNobody(this ILogger logger, string path);

    [LoggerMessage(217, LogLevel.Error,
        "KameleoonOptions.SelectProject named '{Project}', which is no project of this application; the default one decides. "
        + "Add it by builder.Services.AddKameleoonHybrid(name, …).")]
    internal static partial void UnknownProject(this ILogger logger, string project);

    [LoggerMessage(218, LogLevel.Error,
        "KameleoonOptions.SelectProject failed; the request's host tells the project instead. Further failures are not logged.")]
    internal static partial void SelectProjectFailed(this ILogger logger, Exception exception);

    [LoggerMessage(219, LogLevel.Warning,
        "Data of the kind {Kind} is longer than the platform takes; it serves conditions and is not sent. Further ones are "
        + "counted and not logged.")]
    internal static partial void DataTooLong(this ILogger logger, string kind);

    [LoggerMessage(220, LogLevel.Error,
        "A UniqueIdentifier was added, but the data file has no custom data that identifies a person across devices, so the "
        + "platform takes the person's code for a browser's. Mark one on the platform. Logged once.")]
    internal static partial void NoMappingIdentifier(this ILogger logger);

    [LoggerMessage(221, LogLevel.Error,
        "The store of shared sessions cannot be reached. Pages go on with what this server knows of their visitors, and "
        + "what is said of them is written when it is back.")]
    internal static partial void SharedSessionsUnavailable(this ILogger logger, Exception exception);

    [LoggerMessage(222, LogLevel.Information, "The store of shared sessions can be reached again.")]
    internal static partial void SharedSessionsRecovered(this ILogger logger);

    [LoggerMessage(223, LogLevel.Warning, "{Count} changes of visitors' sessions were not shared: {Reason}.")]
    internal static partial void SessionChangesDropped(this ILogger logger, int count, string reason);

    [LoggerMessage(224, LogLevel.Error,
        "The store of shared sessions refuses something, and answers otherwise. This server goes on with what it knows. "
        + "Further refusals are not logged.")]
    internal static partial void SessionStoreRefuses(this ILogger logger, Exception exception);

    [LoggerMessage(301, LogLevel.Warning, "{Count} events were dropped: {Reason}.")]
    internal static partial void EventsDropped(this ILogger logger, Exception? exception, int count, string reason);

    [LoggerMessage(302, LogLevel.Debug, "{Count} events were accepted by the data API.")]
    internal static partial void EventsSent(this ILogger logger, int count);

    [LoggerMessage(304, LogLevel.Debug, "{Count} events were not reported: {Reason}.")]
    internal static partial void EventsWithheld(this ILogger logger, int count, string reason);

    [LoggerMessage(303, LogLevel.Warning,
        "No access token could be obtained; events are sent without one until there is one again. {Problem}")]
    internal static partial void AccessTokenFailed(this ILogger logger, string problem);

    [LoggerMessage(305, LogLevel.Information, "Access tokens can be obtained again.")]
    internal static partial void AccessTokenRecovered(this ILogger logger);

    [LoggerMessage(306, LogLevel.Warning,
        "The data API does not take events. They wait and are sent again with the same nonces. {Problem}")]
    internal static partial void EventsWait(this ILogger logger, string problem);

    [LoggerMessage(307, LogLevel.Information, "The data API takes events again.")]
    internal static partial void EventsGoOn(this ILogger logger);

    [LoggerMessage(308, LogLevel.Error,
        "The outbox failed; events are sent without it until it works, and what is in it waits. {Problem}")]
    internal static partial void OutboxFailed(this ILogger logger, string problem);

    [LoggerMessage(309, LogLevel.Information, "The outbox works again.")]
    internal static partial void OutboxRecovered(this ILogger logger);

    [LoggerMessage(310, LogLevel.Error,
        "A round of sending events broke off. What was left of it is sent at the next interval.")]
    internal static partial void RoundBrokeOff(this ILogger logger, Exception exception);

    [LoggerMessage(401, LogLevel.Error, "{Route}: {Mistake}")]
    internal static partial void TagMisused(this ILogger logger, string route, string mistake);

    [LoggerMessage(402, LogLevel.Warning,
        "{Route}: the Content-Security-Policy names a nonce, but the tags found none, so browsers refuse their scripts and "
        + "nothing is tracked. Give the tags a nonce attribute, register an IKameleoonNonceProvider, or put the nonce into "
        + "HttpContext.Items[\"csp-nonce\"].")]
    internal static partial void NonceMissing(this ILogger logger, string route);

    [LoggerMessage(403, LogLevel.Warning,
        "{Route}: a script fetched a page with <kameleoon-tracking />. Browsers run no scripts in HTML that a script "
        + "inserts, so the server reports its exposures and the engine's integrations miss them. Return "
        + "GetEngineTrackingCode() beside the HTML and run it from the page's code.")]
    internal static partial void FetchedWithTracking(this ILogger logger, string route);

    [LoggerMessage(404, LogLevel.Warning,
        "{Route}: the page was fetched ahead, and ExposureBy is Server, so whether anybody sees it is not known and its "
        + "exposures are not counted. Place <kameleoon-tracking /> on it, which tells once it is shown, or set "
        + "Kameleoon:Prefetch to Refuse.")]
    internal static partial void FetchedAhead(this ILogger logger, string route);

    [LoggerMessage(501, LogLevel.Warning,
        "{Client} fails too often; no request is made for {Duration}, then one decides how it goes on.")]
    internal static partial void CircuitOpened(this ILogger logger, string client, TimeSpan duration);

    [LoggerMessage(502, LogLevel.Information, "{Client} answers again.")]
    internal static partial void CircuitClosed(this ILogger logger, string client);

    [LoggerMessage(601, LogLevel.Error,
        "The store of visitor links cannot be reached. Pages go on with the browser's visitor code, and links are written "
        + "when it is back.")]
    internal static partial void LinksUnavailable(this ILogger logger, Exception exception);

    [LoggerMessage(602, LogLevel.Information, "The store of visitor links can be reached again.")]
    internal static partial void LinksRecovered(this ILogger logger);

    [LoggerMessage(603, LogLevel.Error,
        "A signed-in user has {Problem} ({Claim}), so no visitor code can be linked. A user id has 1 to {Max} characters, "
        + "at most 2,000 bytes in UTF-8, without control characters. Set Kameleoon:Identity:UserIdClaim to the claim that "
        + "holds it. Further ones are not logged.")]
    internal static partial void UserIdUnfit(this ILogger logger, string problem, string claim, int max);

    [LoggerMessage(604, LogLevel.Warning,
        "The application stopped while the store of visitor links was away; {Count} links are written when their users come "
        + "again.")]
    internal static partial void LinksLeft(this ILogger logger, int count);

    [LoggerMessage(605, LogLevel.Warning,
        "The store of idempotency keys cannot be reached; what is sent meanwhile is taken, and counts twice if it is sent "
        + "again to another server.")]
    internal static partial void KeysUnavailable(this ILogger logger, Exception exception);

    [LoggerMessage(606, LogLevel.Error,
        "{Path} is asked by a signed-in user whom app.UseKameleoonVisitorCode() did not see. Call it after "
        + "app.UseAuthentication(). Logged once.")]
    internal static partial void AuthenticatedTooLate(this ILogger logger, string path);

    [LoggerMessage(607, LogLevel.Error,
        "The store of visitor links refused a link {Count} times while it answered others; it is not tried again until its "
        + "user comes again.")]
    internal static partial void LinkRefused(this ILogger logger, Exception exception, int count);

    [LoggerMessage(608, LogLevel.Error,
        "The store of visitor links refuses what concerns one user, and answers others. That user's pages go on with the "
        + "browser's visitor code. Further ones are not logged.")]
    internal static partial void LinkStoreRefuses(this ILogger logger, Exception exception);

    [LoggerMessage(609, LogLevel.Warning,
        "No more links can wait for the store of visitor links ({Capacity}, and {MaxOfUser} of a user); further ones are "
        + "dropped, counted, and written when their users come again. Logged once.")]
    internal static partial void LinksOverflow(this ILogger logger, int capacity, int maxOfUser);
}
