using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The services that decide for a visitor and report the visitor's events.</summary>
internal sealed class VisitorServices(
    VisitorStore store,
    ConsentGate consent,
    ExposurePolicy exposures,
    CarriedExposures carried,
    HandedExposures handed,
    TrackingLosses losses,
    TimeProvider clock,
    IOptions<KameleoonOptions> options)
{
    internal VisitorStore Store => store;

    internal ConsentGate Consent => consent;

    internal ExposurePolicy Exposures => exposures;

    /// <summary>The exposures of redirects.</summary>
    internal CarriedExposures Carried => carried;

    /// <summary>What pages passed to the engine lately.</summary>
    internal HandedExposures Handed => handed;

    internal TimeProvider Clock => clock;

    internal string SdkName { get; } = options.Value.SdkName;

    internal string SdkVersion { get; } = options.Value.SdkVersion;

    /// <summary>Counts events that are not reported.</summary>
    internal void Drop(string reason, int count = 1) => losses.Skip(count, reason);
}
