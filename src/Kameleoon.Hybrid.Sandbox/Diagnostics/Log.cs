using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Every message of the sandbox; ids 9xx, never reused.</summary>
internal static partial class Log
{
    [LoggerMessage(901, LogLevel.Information,
        "The Kameleoon sandbox answers under {Prefix} and serves {DataFile}; its live page is at the same address.")]
    internal static partial void Mapped(this ILogger logger, string prefix, string dataFile);

    [LoggerMessage(902, LogLevel.Warning, "The sandbox has no data file to serve: {Problem}")]
    internal static partial void DataFileUnavailable(this ILogger logger, string problem);

    [LoggerMessage(910, LogLevel.Warning, "{File} has mistakes, so the last good one stays in force. {Mistakes}")]
    internal static partial void ProjectHasMistakes(this ILogger logger, string file, string mistakes);

    [LoggerMessage(904, LogLevel.Debug, "The sandbox received {Count} events from the {Sender}.")]
    internal static partial void EventsReceived(this ILogger logger, int count, string sender);

    [LoggerMessage(905, LogLevel.Warning,
        "The sandbox recorded {Count} events of the {Sender} that it does not count. The first: {Violation}")]
    internal static partial void EventsNotCounted(this ILogger logger, int count, string sender, string violation);

    [LoggerMessage(906, LogLevel.Warning,
        "The sandbox refused a body of events above {Limit} bytes, as the platform does.")]
    internal static partial void BodyTooLarge(this ILogger logger, int limit);

    [LoggerMessage(907, LogLevel.Information, "The sandbox deleted everything it had recorded.")]
    internal static partial void Reset(this ILogger logger);

    [LoggerMessage(908, LogLevel.Error, "The sandbox failed while it answered {Method} {Path} in process.")]
    internal static partial void InProcessRequestFailed(
        this ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(909, LogLevel.Warning,
        "The sandbox is enabled outside the Development environment: decisions and events stay in this application, and "
        + "anyone who can reach it can read them. Set Kameleoon:Sandbox:Enabled to false to use the platform.")]
    internal static partial void EnabledOutsideDevelopment(this ILogger logger);

    [LoggerMessage(911, LogLevel.Information, "The sandbox restored {Count} events from {File}.")]
    internal static partial void EventsRestored(this ILogger logger, int count, string file);

    [LoggerMessage(912, LogLevel.Warning,
        "The sandbox cannot use {File}, so it keeps nothing when it stops. Another process may be using it; "
        + "Kameleoon:Sandbox:Storage names another file, or none.")]
    internal static partial void StoreUnavailable(this ILogger logger, Exception exception, string file);

    [LoggerMessage(913, LogLevel.Warning, "The sandbox could not store {Count} changes; they are lost when it stops.")]
    internal static partial void StoreFailed(this ILogger logger, Exception exception, int count);

    [LoggerMessage(914, LogLevel.Warning,
        "More than {Limit} changes wait to be written, so the sandbox does not store further events.")]
    internal static partial void StoreTooSlow(this ILogger logger, int limit);

    [LoggerMessage(916, LogLevel.Warning,
        "{Count} entries of {File} are damaged; the sandbox ignores them.")]
    internal static partial void StoreDamaged(this ILogger logger, int count, string file);

    [LoggerMessage(917, LogLevel.Warning,
        "The sandbox cannot read the events in {File}, so it starts without them. "
        + "Delete the file if the problem remains.")]
    internal static partial void StoreUnreadable(this ILogger logger, Exception exception, string file);

    [LoggerMessage(918, LogLevel.Warning,
        "A page of {Page} gets an engine that sends to {Address}; browsers block http requests of https pages. Let the proxy "
        + "in front send X-Forwarded-Proto: https, and X-Forwarded-Host.")]
    internal static partial void InsecureAddress(this ILogger logger, string page, string address);

    [LoggerMessage(915, LogLevel.Debug, "The sandbox applied the fault that was set for {Endpoint}.")]
    internal static partial void FaultInjected(this ILogger logger, string endpoint);
}
