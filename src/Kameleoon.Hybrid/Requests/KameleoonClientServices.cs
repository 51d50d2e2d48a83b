using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>What all clients share.</summary>
internal sealed class KameleoonClientServices(
    ConfigurationStore configuration,
    RemoteDataClient remote,
    VisitorStore visitors,
    TrackingSender sender,
    TrackingLosses losses,
    ConsentGate consent,
    KameleoonMetrics metrics,
    TimeProvider clock,
    IOptions<KameleoonOptions> options,
    ILogger<KameleoonClient> logger)
{
    private const int MaxNamedFlags = 10;

    // By default where pages are the engine's to report: what is left to the server is said once.
    private readonly bool _reportsOnce =
        options.Value.Tracking.ExposureDeduplication ?? options.Value.ExposureBy == ExposureOwner.Engine;

    private readonly LogOnce _flags = new();
    private readonly LogOnce _customData = new();
    private readonly LogOnce _pageWithoutAddress = new();
    private readonly LogOnce _noMappingIdentifier = new();
    private readonly LogOnce _tooLongData = new();

    internal ConfigurationStore Configuration => configuration;

    internal RemoteDataClient Remote => remote;

    internal VisitorStore Visitors => visitors;

    internal ConsentGate Consent => consent;

    internal KameleoonMetrics Metrics => metrics;

    internal TimeProvider Clock => clock;

    internal TrackingSender Sender => sender;

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
        if (_pageWithoutAddress.IsFirst())
        {
            logger.PageWithoutAddress();
        }
    }

    internal void ReportNoMappingIdentifier()
    {
        if (_noMappingIdentifier.IsFirst())
        {
            logger.NoMappingIdentifier();
        }
    }

    /// <summary>Whether the server reported that exposure of the visitor before, in this session.</summary>
    internal bool IsRepeated(string visitorCode, in Exposure exposure) =>
        _reportsOnce
        && visitors.Find(visitorCode)?.Record.TryReport(exposure.ExperimentId, exposure.VariationId) == false;

    internal void DropTooLong(TrackingEventKind kind)
    {
        if (_tooLongData.IsFirst())
        {
            logger.DataTooLong(kind.ToString());
        }

        Drop("too_large");
    }

    internal void Drop(string reason) => losses.Skip(1, reason);

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
