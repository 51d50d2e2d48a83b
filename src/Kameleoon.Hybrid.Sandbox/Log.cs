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

    [LoggerMessage(903, LogLevel.Warning, "The sandbox serves a broken data file as it stands: {Problem}")]
    internal static partial void DataFileBroken(this ILogger logger, string problem);

    [LoggerMessage(904, LogLevel.Debug, "The sandbox received {Count} events from the {Sender}.")]
    internal static partial void EventsReceived(this ILogger logger, int count, Sender sender);

    [LoggerMessage(905, LogLevel.Warning,
        "The sandbox recorded {Count} events of the {Sender} that it does not count. The first: {Violation}")]
    internal static partial void EventsNotCounted(this ILogger logger, int count, Sender sender, string violation);

    [LoggerMessage(906, LogLevel.Warning,
        "The sandbox refused a body of events above {Limit} bytes, as the platform does.")]
    internal static partial void BodyTooLarge(this ILogger logger, int limit);

    [LoggerMessage(907, LogLevel.Information, "The sandbox forgot everything it had recorded.")]
    internal static partial void Reset(this ILogger logger);

    [LoggerMessage(908, LogLevel.Error, "The sandbox failed while it answered {Method} {Path} in process.")]
    internal static partial void InProcessRequestFailed(
        this ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(909, LogLevel.Warning,
        "The sandbox is enabled outside the Development environment: decisions and events stay in this application, and "
        + "whoever reaches it can read them. Set Kameleoon:Sandbox:Enabled to false to use the platform.")]
    internal static partial void EnabledOutsideDevelopment(this ILogger logger);
}
