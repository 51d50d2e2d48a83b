using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

// Messages about events on their way to the platform: ids 301 to 399.
internal static partial class Log
{
    [LoggerMessage(301, LogLevel.Warning, "{Count} events were dropped: {Reason}.")]
    internal static partial void EventsDropped(this ILogger logger, int count, string reason);

    [LoggerMessage(302, LogLevel.Debug, "{Count} events were accepted by the data API.")]
    internal static partial void EventsSent(this ILogger logger, int count);

    [LoggerMessage(303, LogLevel.Warning,
        "No access token could be obtained; events are sent without one until the next success. {Problem}")]
    internal static partial void AccessTokenFailed(this ILogger logger, string problem);

    [LoggerMessage(304, LogLevel.Debug, "{Count} events were not reported: {Reason}.")]
    internal static partial void EventsSkipped(this ILogger logger, int count, string reason);

    [LoggerMessage(305, LogLevel.Information, "Access tokens can be obtained again.")]
    internal static partial void AccessTokenRecovered(this ILogger logger);

    [LoggerMessage(306, LogLevel.Warning,
        "The data API does not accept events. They are kept and retried with the same nonces. {Problem}")]
    internal static partial void EventsDelayed(this ILogger logger, Exception? exception, string problem);

    [LoggerMessage(307, LogLevel.Information, "The data API accepts events again.")]
    internal static partial void EventsRecovered(this ILogger logger);

    [LoggerMessage(308, LogLevel.Error,
        "The outbox failed. Until it works, new events are sent without it and stored events wait. {Problem}")]
    internal static partial void OutboxFailed(this ILogger logger, string problem);

    [LoggerMessage(309, LogLevel.Information, "The outbox works again.")]
    internal static partial void OutboxRecovered(this ILogger logger);

    [LoggerMessage(310, LogLevel.Error,
        "Sending events failed unexpectedly. The remaining events are sent at the next interval.")]
    internal static partial void TrackingRoundFailed(this ILogger logger, Exception exception);

    [LoggerMessage(311, LogLevel.Debug,
        "The server reports experiment {ExperimentId}, variation {VariationId}. The response: {Outcome}.")]
    internal static partial void ExposureReported(this ILogger logger, long experimentId, long variationId, string outcome);
}
