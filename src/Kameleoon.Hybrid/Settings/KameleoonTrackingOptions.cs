namespace Kameleoon.Hybrid;

/// <summary>How events are kept until the platform has taken them.</summary>
public sealed class KameleoonTrackingOptions
{
    /// <summary>How many events wait in memory at most, those that are being sent included. Beyond that the oldest goes
    /// that is no conversion, then the oldest conversion, and each is counted. Default 100,000; 100 to 10,000,000.
    /// </summary>
    public int MaxQueuedEvents { get; set; } = 100_000;

    /// <summary>How many bytes of memory they take at most; an exposure of a browser takes about 300. Default 64 MB; 1 MB
    /// to 4 GB.</summary>
    public long MaxQueuedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long an event waits before it is dropped and counted, in memory or in an
    /// <see cref="ITrackingOutbox"/>. The platform counts an event in the visit in which it arrives. Default 2 hours, as
    /// the official PHP SDK; 1 minute to 7 days.</summary>
    public TimeSpan MaxEventAge { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How many bytes the outbox of <c>AddTrackingOutbox</c> holds at most, of all nodes together and for each
    /// project; a batch counts 1 kB more than its lines. Beyond that events wait in memory. Default 256 MB; 4 MB to 1 TB.
    /// </summary>
    public long MaxOutboxBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>How long events wait until the health check of tracking is degraded. Default 1 minute; 5 seconds to
    /// 1 day.</summary>
    public TimeSpan DegradedAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the server reports an exposure of a visitor to a variation once a session, rather than once for
    /// each request that decides. Default: where <see cref="KameleoonOptions.ExposureBy"/> is
    /// <see cref="ExposureOwner.Engine"/>; the official SDKs repeat it.</summary>
    public bool? ExposureDeduplication { get; set; }
}
