using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The application's outbox as a project uses it that has none of its own.</summary>
/// <remarks>The idempotency keys of the project are in a store of its own, which the outbox does not know, so it confirms none.
/// The outbox tells projects apart by their site codes.</remarks>
internal sealed class SharedOutbox(ITrackingOutbox outbox, IOptions<KameleoonOptions> options) : ITrackingOutbox
{
    private readonly long _maxBytes = options.Value.Tracking.MaxOutboxBytes;

    public Task StoreAsync(TrackingBatch batch, TimeSpan lease, CancellationToken cancellationToken) =>
        outbox.StoreAsync(batch with { MaxOutboxBytes = _maxBytes }, lease, cancellationToken);

    public Task<TrackingBatch?> ClaimAsync(string siteCode, TimeSpan lease, CancellationToken cancellationToken) =>
        outbox.ClaimAsync(siteCode, lease, cancellationToken);

    public Task CompleteAsync(Guid batchId, CancellationToken cancellationToken) => outbox.CompleteAsync(batchId, cancellationToken);

    public Task ReleaseAsync(Guid batchId, TimeSpan delay, CancellationToken cancellationToken) =>
        outbox.ReleaseAsync(batchId, delay, cancellationToken);

    public Task<TrackingBacklog> GetBacklogAsync(string siteCode, CancellationToken cancellationToken) =>
        outbox.GetBacklogAsync(siteCode, cancellationToken);
}
