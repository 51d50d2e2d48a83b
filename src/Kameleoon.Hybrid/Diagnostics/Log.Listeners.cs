using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

// Messages about listeners of the application: ids 701 to 799.
internal static partial class Log
{
    [LoggerMessage(701, LogLevel.Warning,
        "The listener {Listener} is slower than events arrive: {Capacity} events wait, and further ones are dropped and counted. "
        + "Logged once.")]
    internal static partial void ListenerQueueFull(this ILogger logger, string listener, int capacity);

    [LoggerMessage(702, LogLevel.Error, "The listener {Listener} failed on an event. The next event follows. Logged once.")]
    internal static partial void ListenerFailed(this ILogger logger, Exception exception, string listener);

    [LoggerMessage(703, LogLevel.Warning,
        "The application stopped before the listener {Listener} received {Count} events, which are dropped.")]
    internal static partial void ListenerStopped(this ILogger logger, string listener, int count);
}
