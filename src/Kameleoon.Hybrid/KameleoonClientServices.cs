using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>What all clients share.</summary>
internal sealed class KameleoonClientServices(
    ConfigurationStore configuration,
    VisitorStore visitors,
    TrackingQueue queue,
    KameleoonMetrics metrics,
    TimeProvider clock,
    IOptions<KameleoonOptions> options,
    ILogger<KameleoonClient> logger)
{
    private const int MaxNamedFlags = 10;

    private readonly ReportedOnce _flags = new();
    private readonly ReportedOnce _customData = new();
    private int _pageReported;

    internal ConfigurationStore Configuration => configuration;

    internal VisitorStore Visitors => visitors;

    internal TrackingQueue Queue => queue;

    internal KameleoonMetrics Metrics => metrics;

    internal TimeProvider Clock => clock;

    internal ExposureOwner ExposureBy { get; } = options.Value.ExposureBy;

    internal string SdkName { get; } = options.Value.SdkName;

    internal string SdkVersion { get; } = options.Value.SdkVersion;

    /// <exception cref="ArgumentException">The application wants to be told.</exception>
    internal void ReportUnknownFlag(string featureKey, DataFile dataFile)
    {
        if (_flags.IsFirst(featureKey))
        {
            logger.UnknownFlag(featureKey);
        }

        if (options.Value.ThrowOnUnknownFeature)
        {
            throw new ArgumentException(UnknownFlag(featureKey, dataFile), nameof(featureKey));
        }
    }

    internal void ReportUnknownCustomData(string name)
    {
        if (_customData.IsFirst(name))
        {
            logger.UnknownCustomData(name);
        }
    }

    internal void ReportPageWithoutAddress()
    {
        if (Interlocked.Exchange(ref _pageReported, 1) == 0)
        {
            logger.PageWithoutAddress();
        }
    }

    /// <summary>Queues an exposure that is the server's to report, if consent allows.</summary>
    internal void Report(string visitorCode, string? userAgent, Exposure exposure, DataFile? dataFile) =>
        Report(TrackingEvent.Exposure(visitorCode, userAgent, exposure), dataFile, exposure.IsTargetedDelivery);

    /// <summary>Queues that a visitor belongs to an audience, if consent allows.</summary>
    internal void ReportAudience(string visitorCode, string? userAgent, long segmentId, DataFile? dataFile) =>
        Report(TrackingEvent.Audience(visitorCode, userAgent, segmentId), dataFile, needsNoConsent: false);

    internal void Drop(string reason)
    {
        metrics.EventsDropped(1, reason);
        logger.EventWithheld(reason);
    }

    private void Report(in TrackingEvent trackingEvent, DataFile? dataFile, bool needsNoConsent)
    {
        // Until consent is managed it is unknown, and then only deliveries may be reported.
        if (dataFile is { ConsentRequired: true } && !needsNoConsent)
        {
            Drop("consent");
        }
        else
        {
            queue.Add(trackingEvent);
        }
    }

    private static string UnknownFlag(string featureKey, DataFile dataFile)
    {
        var keys = dataFile.Flags.Select(flag => flag.Key).ToArray();
        var near = NearMatches.Of(featureKey, keys);
        var others = near.Length > 0
            ? $"Did you mean '{string.Join("' or '", near)}'?"
            : keys.Length == 0 ? "It has none."
            : $"It has '{string.Join("', '", keys.Take(MaxNamedFlags))}'{(keys.Length > MaxNamedFlags ? " and others" : "")}.";
        return $"The data file has no flag '{featureKey}'. {others} Without Kameleoon:ThrowOnUnknownFeature the "
            + "variation would be off.";
    }
}
