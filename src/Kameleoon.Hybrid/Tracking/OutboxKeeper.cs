using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Uses the application's outbox, if there is one, and lives with its failures.</summary>
internal sealed class OutboxKeeper(
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    KameleoonMetrics metrics,
    ILogger<OutboxKeeper> logger,
    ITrackingOutbox? outbox = null)
{
    private readonly string _siteCode = options.Value.SiteCode;
    private bool _isFailing;

    internal bool IsThere => outbox is not null;

    /// <summary>How long a batch is this node's: longer than sending it can take.</summary>
    internal TimeSpan Lease { get; } =
        (2 * PlatformPipelines.TotalTimeoutOf(PlatformClients.Data, options.Value)) + TimeSpan.FromMinutes(1);

    /// <summary>What waited in the outbox when it was asked last, or null.</summary>
    internal TrackingBacklog? Backlog { get; private set; }

    /// <summary>How old the oldest batch in it is.</summary>
    internal TimeSpan Age => Backlog?.OldestCreatedAt is { } oldest && clock.GetUtcNow() - oldest is var age && age > TimeSpan.Zero
        ? age
        : TimeSpan.Zero;

    /// <summary>Stores a batch.</summary>
    /// <returns>Whether it is durable.</returns>
    internal async Task<bool> TryStoreAsync(TrackingBatch batch, bool isClaimed, CancellationToken cancellationToken) =>
        outbox is not null
        && await TryAsync(() => outbox.StoreAsync(batch, isClaimed ? Lease : TimeSpan.Zero, cancellationToken));

    internal async Task<TrackingBatch?> TryClaimAsync(CancellationToken cancellationToken)
    {
        TrackingBatch? claimed = null;
        await TryAsync(async () => claimed = await outbox!.ClaimAsync(_siteCode, Lease, cancellationToken));
        return claimed;
    }

    internal Task CompleteAsync(TrackingBatch batch, CancellationToken cancellationToken) =>
        TryAsync(() => outbox!.CompleteAsync(batch.Id, cancellationToken));

    internal Task ReleaseAsync(TrackingBatch batch, TimeSpan delay, CancellationToken cancellationToken) =>
        TryAsync(() => outbox!.ReleaseAsync(batch.Id, delay, cancellationToken));

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        metrics.ObserveOutbox(_siteCode, () => Backlog?.EventCount, () => Age);
        await TryAsync(async () => Backlog = await outbox!.GetBacklogAsync(_siteCode, cancellationToken));
    }

    private async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            if (_isFailing)
            {
                _isFailing = false;
                logger.OutboxRecovered();
            }

            return true;
        }
#pragma warning disable CA1031 // The application's own code: whatever it throws must not stop tracking.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!_isFailing && e is not OperationCanceledException)
            {
                _isFailing = true;
                logger.OutboxFailed(ErrorText.Of(e));
            }

            return false;
        }
    }
}
