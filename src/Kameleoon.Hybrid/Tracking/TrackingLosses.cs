using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Counts and logs events that are not sent. Safe for concurrent use.</summary>
internal sealed class TrackingLosses(KameleoonMetrics metrics, ILogger<TrackingLosses> logger)
{
    /// <summary>Records events that were lost: logged as a warning.</summary>
    /// <param name="count">How many; nothing happens for 0.</param>
    /// <param name="reason">The tag <c>reason</c> of the metric.</param>
    internal void Drop(int count, string reason)
    {
        if (count > 0)
        {
            metrics.EventsDropped(count, reason);
            logger.EventsDropped(count, reason);
        }
    }

    /// <summary>Records events that are not sent by design, such as duplicates: logged at Debug.</summary>
    /// <param name="count">How many; nothing happens for 0.</param>
    /// <param name="reason">The tag <c>reason</c> of the metric.</param>
    internal void Skip(int count, string reason)
    {
        if (count > 0)
        {
            metrics.EventsDropped(count, reason);
            logger.EventsSkipped(count, reason);
        }
    }
}
