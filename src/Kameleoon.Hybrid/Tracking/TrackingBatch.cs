namespace Kameleoon.Hybrid.Stores;

/// <summary>Events as one request carries them to the data API. Immutable.</summary>
/// <param name="Id">The batch's identity, unique on all nodes; ids that are made later sort later.</param>
/// <param name="SiteCode">The project whose events they are.</param>
/// <param name="Body">The request's body: UTF-8 lines, each with the nonce by which the platform knows an event that
/// comes again. At most 2,621,440 bytes. It must be sent as it is.</param>
/// <param name="EventCount">How many events the body carries, at least one.</param>
/// <param name="CreatedAt">When the body was written, in UTC by the clock of the node that has the batch.</param>
public sealed record TrackingBatch(
    Guid Id,
    string SiteCode,
    ReadOnlyMemory<byte> Body,
    int EventCount,
    DateTimeOffset CreatedAt)
{
    /// <summary>How many bytes an outbox may hold of this project, when the project uses the outbox of another one; null when
    /// the outbox is the project's own. Not stored.</summary>
    public long? MaxOutboxBytes { get; init; }
}
