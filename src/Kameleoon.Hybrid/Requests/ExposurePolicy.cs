using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides which exposures the server reports.</summary>
internal sealed class ExposurePolicy(VisitorStore visitors, IOptions<KameleoonOptions> options)
{
    // By default if the engine reports the exposures of pages: the server reports each of the remaining ones once.
    private readonly bool _reportsOnce =
        options.Value.Tracking.ExposureDeduplication ?? options.Value.ExposureBy == ExposureOwner.Engine;

    /// <summary>Whether the engine, the server or both report the exposures of pages.</summary>
    internal ExposureOwner Owner { get; } = options.Value.ExposureBy;

    /// <summary>Marks an exposure as reported.</summary>
    /// <returns>True if the server reported it before in the visitor's session and must not repeat it.</returns>
    internal bool IsRepeated(string visitorCode, in Exposure exposure) =>
        _reportsOnce
        && visitors.Find(visitorCode)?.Record.TryReport(exposure.ExperimentId, exposure.VariationId) == false;
}
