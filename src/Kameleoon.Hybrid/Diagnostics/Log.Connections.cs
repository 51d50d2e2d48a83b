using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

// Messages about connections to the platform: ids 501 to 599.
internal static partial class Log
{
    [LoggerMessage(501, LogLevel.Warning,
        "{Client} fails too often. No request is made for {Duration}; then one trial request decides whether to "
        + "resume.")]
    internal static partial void CircuitOpened(this ILogger logger, string client, TimeSpan duration);

    [LoggerMessage(502, LogLevel.Information, "{Client} answers again.")]
    internal static partial void CircuitClosed(this ILogger logger, string client);
}
