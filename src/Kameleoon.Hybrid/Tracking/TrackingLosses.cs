using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Counts and logs events that are not sent.</summary>
internal sealed class TrackingLosses(KameleoonMetrics metrics, ILogger<TrackingLosses> logger)
{
    /// <summary>Something went wrong.</summary>
    internal void Drop(int count, string reason, Exception? exception = null)
    {
        if (count > 0)
        {
            metrics.EventsDropped(count, reason);
            logger.EventsDropped(exception, count, reason);
        }
    }

    /// <summary>It is as it should be.</summary>
    internal void Withhold(int count, string reason)
    {
        if (count > 0)
        {
            metrics.EventsDropped(count, reason);
            logger.EventsSkipped(count, reason);
        }
    }
}
