using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Calls the application's outbox, if there is one, and handles its failures.</summary>
internal sealed class OutboxKeeper(
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    KameleoonMetrics metrics,
    ILogger<OutboxKeeper> logger,
    ITrackingOutbox? outbox = null)
{
    private readonly string _siteCode = options.Value.SiteCode;

    // The deadline is that of a database, which works in real time whatever clock the application uses.
    private readonly StoreGuard _guard = new(
        StoreGuard.PatientTimeout,
        TimeProvider.System,
        new StoreMessages(e => logger.OutboxFailed(ErrorText.Of(e)), logger.OutboxRecovered));

    internal bool IsThere => outbox is not null;

    /// <summary>Whether storing a batch confirms its idempotency keys.</summary>
    internal bool ConfirmsKeys => outbox is { ConfirmsKeys: true };

    /// <summary>Why the outbox has to be repaired, or null: a full disk, a read-only or a damaged file.</summary>
    internal string? UnusableBecause => _guard.IsUnusable ? _guard.Problem : null;

    /// <summary>How long a batch is this node's: longer than sending it can take.</summary>
    internal TimeSpan Lease { get; } =
        (2 * PlatformPipelines.TotalTimeoutOf(PlatformClients.Data, options.Value)) + TimeSpan.FromMinutes(1);

    /// <summary>What waited in the outbox when it was asked last, or null.</summary>
    internal TrackingBacklog? Backlog { get; private set; }

    /// <summary>How old the oldest batch in it is.</summary>
    internal TimeSpan Age => Backlog?.OldestCreatedAt is { } oldest && clock.GetUtcNow() - oldest is var age && age > TimeSpan.Zero
        ? age
        : TimeSpan.Zero;

    /// <summary>Stores a batch, claimed by this node.</summary>
    /// <returns>Whether it is durable.</returns>
    internal Task<bool> TryStoreClaimedAsync(TrackingBatch batch, CancellationToken cancellationToken) =>
        TryAsync(token => outbox!.StoreAsync(batch, Lease, token), cancellationToken);

    /// <summary>Stores a batch that any node may claim, and confirms its keys with it if the outbox can.</summary>
    /// <returns>Whether it is durable.</returns>
    internal Task<bool> TryStoreAsync(PendingBatch batch, CancellationToken cancellationToken) => TryAsync(
        token => ConfirmsKeys && batch.Keys.Count > 0
            ? outbox!.StoreAsync(batch.Batch, TimeSpan.Zero, batch.Keys, token)
            : outbox!.StoreAsync(batch.Batch, TimeSpan.Zero, token),
        cancellationToken);

    internal async Task<TrackingBatch?> TryClaimAsync(CancellationToken cancellationToken) => (await _guard.AskAsync(
        token => new ValueTask<TrackingBatch?>(outbox!.ClaimAsync(_siteCode, Lease, token)),
        StoreCaller.Background,
        cancellationToken)).Answer;

    internal Task CompleteAsync(TrackingBatch batch, CancellationToken cancellationToken) =>
        TryAsync(token => outbox!.CompleteAsync(batch.Id, token), cancellationToken);

    internal Task ReleaseAsync(TrackingBatch batch, TimeSpan delay, CancellationToken cancellationToken) =>
        TryAsync(token => outbox!.ReleaseAsync(batch.Id, delay, token), cancellationToken);

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        metrics.ObserveOutbox(_siteCode, () => Backlog?.EventCount, () => Age);
        var reply = await _guard.AskAsync(
            token => new ValueTask<TrackingBacklog>(outbox!.GetBacklogAsync(_siteCode, token)),
            StoreCaller.Background,
            cancellationToken);
        Backlog = reply.IsDone ? reply.Answer : Backlog;
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        (await _guard.RunAsync(token => new ValueTask(call(token)), StoreCaller.Background, cancellationToken)).IsDone;
}
