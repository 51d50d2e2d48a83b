namespace Kameleoon.Hybrid.Stores;

/// <summary>Stores batches of events durably until the platform has accepted them.</summary>
/// <remarks>
/// <para>Register one as a singleton and events are stored before they are sent: at each
/// <see cref="KameleoonOptions.TrackingInterval"/>, and before <see cref="IKameleoonClient.FlushAsync"/> completes. What
/// was stored is sent, even when the process ends. Without an outbox, events that the platform does not accept wait in
/// memory.</para>
/// <para>Several nodes may share one: a batch is claimed for a time, the lease, during which no other node gets it. When its
/// holder dies the lease runs out and another node sends the batch again, with the same nonces, so that the platform
/// counts each event once. Nothing is promised about the order between nodes.</para>
/// <para>Called by two background tasks of each node: one stores, the other claims, completes and releases. A call that
/// throws loses nothing: a batch that cannot be stored is sent without, a claim is repeated later, and a lease that is
/// not given back runs out. Calls may be repeated with the same id after they threw, since it may have been too late
/// when they did.</para>
/// </remarks>
public interface ITrackingOutbox
{
    /// <summary>Whether this outbox confirms idempotency keys in the transaction that stores their events. True when the
    /// registered <see cref="IIdempotencyKeyStore"/> keeps its keys in the same database. Default false.</summary>
    bool ConfirmsKeys => false;

    /// <summary>Stores a batch. When the task completes, the batch is durable.</summary>
    /// <param name="batch">The batch. Its <see cref="TrackingBatch.Body"/> is only valid until the task completes: copy
    /// what is kept. If the id is stored already, only its lease is renewed.</param>
    /// <param name="lease">How long no other node may claim it; zero when any node may.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task StoreAsync(TrackingBatch batch, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Stores a batch and confirms the keys of the requests whose events it carries, in one transaction. Called
    /// instead of the other overload when <see cref="ConfirmsKeys"/> is true.</summary>
    /// <param name="batch">The batch, as in the other overload.</param>
    /// <param name="lease">How long no other node may claim it; zero when any node may.</param>
    /// <param name="confirmed">The keys as they were claimed. A key whose attempt does not hold the claim any more is no
    /// error, and is not confirmed.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task StoreAsync(
        TrackingBatch batch,
        TimeSpan lease,
        IReadOnlyList<IdempotencyKey> confirmed,
        CancellationToken cancellationToken) => StoreAsync(batch, lease, cancellationToken);

    /// <summary>Claims the oldest batch of a project that no node holds.</summary>
    /// <param name="siteCode">The project.</param>
    /// <param name="lease">How long no other node may claim it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The batch, of which this node is the only holder until the lease runs out; null when there is none.
    /// </returns>
    Task<TrackingBatch?> ClaimAsync(string siteCode, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Removes a batch that the platform has accepted, or never will. An unknown id is not an error.</summary>
    /// <param name="batchId">The batch's id.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task CompleteAsync(Guid batchId, CancellationToken cancellationToken);

    /// <summary>Releases a batch that this node has claimed. An unknown id is not an error.</summary>
    /// <param name="batchId">The batch's id.</param>
    /// <param name="delay">How long no node may claim it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task ReleaseAsync(Guid batchId, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Returns how many events are stored, for metrics and the health check. Called every few
    /// seconds.</summary>
    /// <param name="siteCode">The project.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<TrackingBacklog> GetBacklogAsync(string siteCode, CancellationToken cancellationToken);
}

/// <summary>The stored events of an outbox, of all nodes together, claimed or not.</summary>
/// <param name="EventCount">How many events.</param>
/// <param name="OldestCreatedAt">When the oldest batch was written, in UTC by the clock of the node that asks; null
/// when nothing waits.</param>
public sealed record TrackingBacklog(long EventCount, DateTimeOffset? OldestCreatedAt);
