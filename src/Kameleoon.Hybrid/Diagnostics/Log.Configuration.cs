using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

// Messages about the data file and where it comes from: ids 101 to 199.
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Information,
        "Data file of site {SiteCode} applied: {Flags} flags, modified {DateModified}.")]
    internal static partial void ConfigurationApplied(
        this ILogger logger, string siteCode, int flags, string dateModified);

    [LoggerMessage(102, LogLevel.Error, "No data file of site {SiteCode} could be applied; {InForce}. {Problem}")]
    internal static partial void ConfigurationRefused(
        this ILogger logger, string siteCode, string problem, string inForce);

    [LoggerMessage(103, LogLevel.Information, "The data file of site {SiteCode} can be read again.")]
    internal static partial void ConfigurationRecovered(this ILogger logger, string siteCode);

    [LoggerMessage(104, LogLevel.Warning, "{Warning}")]
    internal static partial void ConfigurationWarning(this ILogger logger, string warning);

    [LoggerMessage(105, LogLevel.Warning,
        "The application starts without a data file of site {SiteCode}, because none arrived within "
        + "Kameleoon:StartTimeout. Flags are off until one arrives.")]
    internal static partial void StartedWithoutConfiguration(this ILogger logger, string siteCode);

    [LoggerMessage(106, LogLevel.Warning,
        "The data file has no flag '{FeatureKey}'; visitors get the variation off.")]
    internal static partial void UnknownFlag(this ILogger logger, string featureKey);

    [LoggerMessage(107, LogLevel.Information,
        "Flags of site {SiteCode} changed. Added: {Added}. Removed: {Removed}. Modified: {Modified}.")]
    internal static partial void FlagsChanged(
        this ILogger logger, string siteCode, string added, string removed, string modified);

    [LoggerMessage(108, LogLevel.Error,
        "The data file of site {SiteCode} is in force, but a listener of the change threw.")]
    internal static partial void ListenersFailed(this ILogger logger, Exception exception, string siteCode);

    [LoggerMessage(109, LogLevel.Information,
        "The last good data file of site {SiteCode} is in force until the platform answers. It was confirmed {Age} "
        + "ago.")]
    internal static partial void LastGoodCopyRead(this ILogger logger, string siteCode, TimeSpan age);

    [LoggerMessage(110, LogLevel.Warning, "The last good data file of site {SiteCode} cannot be used. {Problem}")]
    internal static partial void LastGoodCopyUnreadable(this ILogger logger, string siteCode, string problem);

    [LoggerMessage(111, LogLevel.Warning,
        "The data file of site {SiteCode} is kept in memory only: a restart during an outage would start without "
        + "one. Set Kameleoon:Configuration:LastGoodCopyFolder to a folder that the application can write, or "
        + "Kameleoon:Configuration:LastGoodCopy to false. {Problem}")]
    internal static partial void LastGoodCopyUnwritable(this ILogger logger, string siteCode, string problem);

    [LoggerMessage(117, LogLevel.Information, "The data file of site {SiteCode} can be saved to disk again.")]
    internal static partial void LastGoodCopyWritable(this ILogger logger, string siteCode);

    [LoggerMessage(112, LogLevel.Warning,
        "The event stream of site {SiteCode} is lost; changes are noticed by polling until it is back. {Problem}")]
    internal static partial void StreamLost(this ILogger logger, string siteCode, string problem);

    [LoggerMessage(113, LogLevel.Information, "The event stream of site {SiteCode} is back.")]
    internal static partial void StreamRecovered(this ILogger logger, string siteCode);

    [LoggerMessage(114, LogLevel.Debug, "The event stream of site {SiteCode} announced a data file: {Outcome}.")]
    internal static partial void StreamEvent(this ILogger logger, string siteCode, string outcome);

    [LoggerMessage(115, LogLevel.Warning, "{Path} cannot be watched, so it is checked every {Interval}. {Problem}")]
    internal static partial void FileNotWatched(this ILogger logger, string path, TimeSpan interval, string problem);

    [LoggerMessage(116, LogLevel.Warning,
        "Variable '{VariableKey}' of variation '{VariationKey}' of flag '{FeatureKey}' is {Type} and was read as "
        + "{AskedType}; the caller got its default.")]
    internal static partial void VariableMismatch(
        this ILogger logger, string featureKey, string variationKey, string variableKey, string type, string askedType);

    [LoggerMessage(118, LogLevel.Warning,
        "Settings in {Section} were edited while the application runs: {Settings}. It uses the values from its start; restart "
        + "it to apply the edit.")]
    internal static partial void SettingsEdited(this ILogger logger, string section, string settings);

    [LoggerMessage(119, LogLevel.Error,
        "Settings in {Section} were edited while the application runs: {Settings}. It uses the values from its start; the next "
        + "start would fail. {Problems}")]
    internal static partial void SettingsEditedWrongly(this ILogger logger, string section, string settings, string problems);

    [LoggerMessage(121, LogLevel.Warning,
        "The store in which servers share the data file of site {SiteCode} is unavailable, so each asks the platform itself. "
        + "{Problem}")]
    internal static partial void FarmUnavailable(this ILogger logger, string siteCode, string problem);

    [LoggerMessage(122, LogLevel.Information, "Servers can share the data file of site {SiteCode} again.")]
    internal static partial void FarmRecovered(this ILogger logger, string siteCode);

    [LoggerMessage(123, LogLevel.Information,
        "This server fetches the data file of site {SiteCode} for the servers that share it.")]
    internal static partial void FarmLeaseTaken(this ILogger logger, string siteCode);

    [LoggerMessage(124, LogLevel.Warning,
        "The platform answered with a data file of site {SiteCode} that was modified at {Modified}. The one in force, modified at "
        + "{InForce}, is newer and stays in force.")]
    internal static partial void OlderDataFile(
        this ILogger logger, string siteCode, DateTimeOffset modified, DateTimeOffset inForce);

    [LoggerMessage(125, LogLevel.Warning, "A setting of the official SDK is out of range. {Problem}")]
    internal static partial void OfficialSettingOutOfRange(this ILogger logger, string problem);

    [LoggerMessage(126, LogLevel.Warning,
        "The section {Section} has settings that do not exist and have no effect: {Settings}. Correct their names, or remove them.")]
    internal static partial void SettingsUnknown(this ILogger logger, string section, string settings);

    [LoggerMessage(120, LogLevel.Information,
        "The settings in {Section} are again those from the application's start. No restart is needed.")]
    internal static partial void SettingsRestored(this ILogger logger, string section);
}
