using System.Collections.Concurrent;
using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>What all clients share.</summary>
internal sealed class KameleoonClientServices(
    ConfigurationStore configuration,
    TrackingQueue queue,
    KameleoonMetrics metrics,
    TimeProvider clock,
    IOptions<KameleoonOptions> options,
    ILogger<KameleoonClient> logger)
{
    // Keys come from the application's code, but one built from a request must not grow this for ever.
    private const int MaxReportedKeys = 1000;

    private readonly ConcurrentDictionary<string, byte> _reportedKeys = new(StringComparer.Ordinal);

    internal ConfigurationStore Configuration => configuration;

    internal TrackingQueue Queue => queue;

    internal KameleoonMetrics Metrics => metrics;

    internal TimeProvider Clock => clock;

    internal ExposureOwner ExposureBy { get; } = options.Value.ExposureBy;

    internal void ReportUnknownFlag(string featureKey)
    {
        if (!_reportedKeys.ContainsKey(featureKey)
            && _reportedKeys.Count < MaxReportedKeys
            && _reportedKeys.TryAdd(featureKey, 0))
        {
            logger.UnknownFlag(featureKey);
        }
    }

    /// <summary>Queues an exposure that is the server's to report, if consent allows.</summary>
    internal void Report(string visitorCode, string? userAgent, Exposure exposure, DataFile? dataFile)
    {
        // Until consent is managed it is unknown, and then only deliveries may be reported.
        if (dataFile is { ConsentRequired: true } && !exposure.IsTargetedDelivery)
        {
            Drop("consent");
        }
        else
        {
            queue.Add(TrackingEvent.Exposure(visitorCode, userAgent, exposure));
        }
    }

    internal void Drop(string reason)
    {
        metrics.EventsDropped(1, reason);
        logger.ExposureWithheld(reason);
    }
}
