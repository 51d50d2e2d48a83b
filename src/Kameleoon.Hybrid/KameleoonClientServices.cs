using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>What all clients share.</summary>
internal sealed class KameleoonClientServices(
    ConfigurationStore configuration,
    VisitorStore visitors,
    TrackingQueue queue,
    ConsentGate consent,
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

    internal ConsentGate Consent => consent;

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

    /// <summary>Reports an exposure that is the server's to report. A delivery needs no consent.</summary>
    internal void Report(string visitorCode, string? userAgent, Exposure exposure, DataFile? dataFile) => Consent.Report(
        TrackingEvent.Exposure(visitorCode, userAgent, exposure), exposure.IsTargetedDelivery ? null : dataFile);

    /// <summary>Reports that a visitor belongs to an audience.</summary>
    internal void ReportAudience(string visitorCode, string? userAgent, long segmentId, DataFile? dataFile) =>
        Consent.Report(TrackingEvent.Audience(visitorCode, userAgent, segmentId), dataFile);

    internal void Drop(string reason)
    {
        metrics.EventsDropped(1, reason);
        logger.EventsWithheld(1, reason);
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
