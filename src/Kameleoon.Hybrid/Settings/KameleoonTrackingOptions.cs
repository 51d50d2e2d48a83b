namespace Kameleoon.Hybrid.Settings;

/// <summary>How many events wait for the platform, and for how long.</summary>
public sealed class KameleoonTrackingOptions
{
    /// <summary>The largest number of events in memory, those that are being sent included. Beyond it the oldest event
    /// that is not a conversion is dropped, then the oldest conversion. Each is counted. Default 100,000; 100 to
    /// 10,000,000.</summary>
    public int MaxQueuedEvents { get; set; } = 100_000;

    /// <summary>The largest memory of these events, in bytes. An exposure takes about 300. Default 64 MB; 1 MB to 4
    /// GB.</summary>
    public long MaxQueuedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long an event waits before it is dropped and counted, in memory or in an
    /// <see cref="ITrackingOutbox"/>. The platform counts an event in the visit during which it arrives. Default 2
    /// hours, as the official PHP SDK; 1 minute to 7 days.</summary>
    public TimeSpan MaxEventAge { get; set; } = TimeSpan.FromHours(2);

    /// <summary>The largest size of the outbox of <c>AddTrackingOutbox</c>, in bytes, for each project and all nodes
    /// together. A batch counts 1 kB more than its lines. Beyond it, events wait in memory. Default 256 MB; 4 MB to 1
    /// TB.</summary>
    public long MaxOutboxBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>How long events wait until the health check of tracking is degraded. Default 1 minute; 5 seconds to
    /// 1 day.</summary>
    public TimeSpan DegradedAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the server reports an exposure once for each session of the visitor, instead of once for each
    /// request that decides. Default: true when <see cref="KameleoonOptions.ExposureBy"/> is
    /// <see cref="ExposureOwner.Engine"/>, else false, as in the official SDKs.</summary>
    public bool? ExposureDeduplication { get; set; }

    /// <summary>How long the exposures of a response that redirects wait for the visitor's next page, which gives them to
    /// the engine. After that the server reports them. Default 30 seconds; 1 second to 10 minutes.</summary>
    public TimeSpan CarryFor { get; set; } = TimeSpan.FromSeconds(30);
}
