using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Logs calls of the client that have no effect, each mistake once.</summary>
internal sealed class ClientMistakes(IOptions<KameleoonOptions> options, ILogger<KameleoonClient> logger)
{
    private const int MaxNamedFlags = 10;

    private readonly LogOnce _unknownFlags = new();
    private readonly LogOnce _unknownCustomData = new();
    private readonly LogOnce _pageWithoutAddress = new();
    private readonly LogOnce _noMappingIdentifier = new();
    private readonly LogOnce _tooLongData = new();

    /// <summary>Reports a flag that the data file does not have.</summary>
    /// <exception cref="ArgumentException"><see cref="KameleoonOptions.ThrowOnUnknownFeature"/> is set.</exception>
    internal void ReportUnknownFlag(string featureKey, DataFile dataFile)
    {
        if (_unknownFlags.IsFirst(featureKey))
        {
            logger.UnknownFlag(featureKey);
        }

        if (options.Value.ThrowOnUnknownFeature)
        {
            throw new ArgumentException(MessageOf(featureKey, dataFile), nameof(featureKey));
        }
    }

    /// <summary>Reports custom data by a name that the data file does not have.</summary>
    internal void ReportUnknownCustomData(string name)
    {
        if (_unknownCustomData.IsFirst(name))
        {
            logger.UnknownCustomData(name);
        }
    }

    /// <summary>Reports a page view without an address.</summary>
    internal void ReportPageWithoutAddress()
    {
        if (_pageWithoutAddress.IsFirst())
        {
            logger.PageWithoutAddress();
        }
    }

    /// <summary>Reports a person's code that cannot be sent, because the data file has no mapping identifier.</summary>
    internal void ReportNoMappingIdentifier()
    {
        if (_noMappingIdentifier.IsFirst())
        {
            logger.NoMappingIdentifier();
        }
    }

    /// <summary>Reports data that is too long for the platform.</summary>
    internal void ReportTooLongData(TrackingEventKind kind)
    {
        if (_tooLongData.IsFirst())
        {
            logger.DataTooLong(kind.ToString());
        }
    }

    private static string MessageOf(string featureKey, DataFile dataFile)
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
