using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Claims batches from the outbox and sends them, oldest first.</summary>
/// <remarks>One call to <see cref="RunAsync"/> at a time. Storing never waits for it.</remarks>
internal sealed class OutboxDelivery(
    OutboxKeeper outbox,
    PacedPost post,
    TrackingLosses losses,
    ReportRollback rollback,
    IOptions<KameleoonOptions> options,
    TimeProvider clock)
{
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(10);

    // Other nodes may leave batches behind, and a lease may run out.
    private static readonly TimeSpan ClaimInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _maxAge = options.Value.Tracking.MaxEventAge;
    private readonly WakeSignal _wake = new();
    private DateTimeOffset _nextClaim = DateTimeOffset.MinValue;
    private DateTimeOffset _nextLook = DateTimeOffset.MinValue;
    private Guid _lastTried;
    private bool _isBehind;
    private bool _hasNew;

    /// <summary>Whether batches that this node may send are left in the outbox. Safe to read from any thread.</summary>
    internal bool IsBehind => Volatile.Read(ref _isBehind) || Volatile.Read(ref _hasNew);

    /// <summary>Has the next run look for batches, and starts it. Safe for concurrent use.</summary>
    internal void Wake()
    {
        Volatile.Write(ref _hasNew, true);
        _wake.Set();
    }

    /// <summary>Starts a run if it is time for one. Safe for concurrent use.</summary>
    internal void Tick() => _wake.Set();

    /// <summary>Returns one element for each run that is due.</summary>
    internal IAsyncEnumerable<bool> WaitAsync(CancellationToken cancellationToken) => _wake.WaitAsync(cancellationToken);

    /// <summary>Sends batches until none is left or the platform fails.</summary>
    /// <param name="sending">Cancels sending.</param>
    /// <param name="storing">Cancels the calls that complete or release a batch.</param>
    internal async Task RunAsync(CancellationToken sending, CancellationToken storing)
    {
        var isDue = IsBehind || clock.GetUtcNow() >= _nextClaim;
        Volatile.Write(ref _isBehind, IsBehind);
        Volatile.Write(ref _hasNew, false);
        var claimed = 0;
        while (isDue && post.Pause.IsOver && !sending.IsCancellationRequested)
        {
            if (await outbox.TryClaimAsync(sending) is { } batch)
            {
                claimed++;
                Volatile.Write(ref _isBehind, true);
                await DeliverAsync(Claimed(batch), sending, storing);
            }
            else
            {
                isDue = false;
                _nextClaim = clock.GetUtcNow() + ClaimInterval;
                Volatile.Write(ref _isBehind, false);
            }
        }

        if (clock.GetUtcNow() >= _nextLook || (claimed > 0 && outbox.Backlog is { EventCount: > 0 }))
        {
            _nextLook = clock.GetUtcNow() + LookInterval;
            await outbox.LookAsync(storing);
        }
    }

    private PendingBatch Claimed(TrackingBatch batch) => new(batch, size: 0, batch.CreatedAt)
    {
        IsRetry = batch.Id == _lastTried, // Most stored batches were never posted.
    };

    private async Task DeliverAsync(PendingBatch batch, CancellationToken sending, CancellationToken storing)
    {
        if (clock.GetUtcNow() - batch.NewestArrival > _maxAge)
        {
            losses.Drop(batch.EventCount, "expired");
            rollback.Undo(batch.Batch);
            await outbox.CompleteAsync(batch.Batch, storing);
            return;
        }

        using var lease = CancellationTokenSource.CreateLinkedTokenSource(sending);
        await using var timer = EndBefore(lease);
        var outcome = await post.SendAsync(batch, lease.Token);
        switch (outcome?.Result)
        {
            case null or PostResult.Failed:
                _lastTried = outcome is null ? _lastTried : batch.Batch.Id;
                await outbox.ReleaseAsync(batch.Batch, post.Pause.Left, storing);
                return;
            case PostResult.TooLarge when batch.Split() is { Length: > 0 } halves:
                await ReplaceAsync(batch, halves, sending, storing);
                return;
            case PostResult.Accepted:
                break;
            case PostResult.Discarded:
                losses.Drop(batch.EventCount, outcome!.Reason);
                break;
            default:
                losses.Drop(batch.EventCount, outcome!.Reason, outcome.Exception);
                rollback.Undo(batch.Batch);
                break;
        }

        await outbox.CompleteAsync(batch.Batch, storing);
    }

    private async Task ReplaceAsync(
        PendingBatch whole, PendingBatch[] halves, CancellationToken sending, CancellationToken storing)
    {
        foreach (var half in halves)
        {
            // After a failure the whole batch is still stored, and can be claimed again when its lease expires.
            if (!await outbox.TryStoreClaimedAsync(half.Batch, storing))
            {
                return;
            }
        }

        await outbox.CompleteAsync(whole.Batch, storing);
        foreach (var half in halves)
        {
            await DeliverAsync(half, sending, storing);
        }
    }

    private ITimer EndBefore(CancellationTokenSource lease) => clock.CreateTimer(
        static state => ((CancellationTokenSource)state!).Cancel(),
        lease,
        outbox.Lease - LeaseMargin,
        Timeout.InfiniteTimeSpan);
}
