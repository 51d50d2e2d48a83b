using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Sends batches to the platform in their order, and stores them in the outbox first if there is one.</summary>
/// <remarks>A batch that the platform does not accept waits here, in front of all later ones, so that the events of a visitor
/// keep their order and nonces. Not safe for concurrent use, except for the properties that health checks read.</remarks>
internal sealed class TrackingDelivery(
    TrackingQueue queue,
    TrackingPost post,
    OutboxKeeper outbox,
    TrackingLosses losses,
    ReportRollback rollback,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    ILogger<TrackingDelivery> logger)
{
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _maxAge = options.Value.Tracking.MaxEventAge;
    private readonly LinkedList<PendingBatch> _batches = new();
    private Guid _lastTried;
    private long _oldestArrival;
    private string? _problem;

    /// <summary>The pause after a failure, in which nothing is sent.</summary>
    internal TrackingPause Pause { get; } = new(options, clock);

    /// <summary>Why the platform does not accept events, or null while it does. Safe to read from any thread.</summary>
    internal string? Problem => Volatile.Read(ref _problem);

    /// <summary>When the newest event of the first waiting batch arrived, or null. Its older events arrived at most one
    /// tracking interval earlier. Safe to read from any thread.</summary>
    internal DateTimeOffset? OldestArrival =>
        Volatile.Read(ref _oldestArrival) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>How many events wait here that are not in the outbox.</summary>
    internal int CountInMemory =>
        _batches.Where(static batch => !batch.IsStored).Sum(static batch => batch.EventCount);

    /// <summary>Whether a batch was dropped since the round began.</summary>
    internal bool HasDropped { get; private set; }

    /// <summary>Cancels sending.</summary>
    internal CancellationToken Sending { get; private set; }

    /// <summary>Cancels storing.</summary>
    internal CancellationToken Storing { get; private set; }

    /// <summary>Starts a round with its own tokens.</summary>
    internal void Begin(CancellationToken sending, CancellationToken storing) =>
        (Sending, Storing, HasDropped) = (sending, storing, false);

    /// <summary>Adds a batch behind all others.</summary>
    internal void Add(PendingBatch batch) => _batches.AddLast(batch);

    /// <summary>Adds a batch that was claimed from the outbox.</summary>
    internal void AddClaimed(TrackingBatch claimed) => Add(new PendingBatch(claimed, 0, claimed.CreatedAt)
    {
        IsStored = true,
        IsRetry = claimed.Id == _lastTried, // Most stored batches were never posted.
    });

    /// <summary>Stores and sends the batches, oldest first.</summary>
    /// <param name="canSend">False to store batches only, because older ones wait in the outbox.</param>
    /// <returns>Whether no batch waits in memory any more.</returns>
    internal async Task<bool> DeliverAsync(bool canSend = true)
    {
        while (_batches.First is { Value: var batch })
        {
            if (clock.GetUtcNow() - batch.NewestArrival > _maxAge)
            {
                HasDropped = true;
                losses.Drop(batch.EventCount, "expired");
                rollback.Undo(batch.Batch);
                await RemoveAsync(batch);
                continue;
            }

            var maySend = canSend && Pause.IsOver && !Sending.IsCancellationRequested;
            if (!batch.IsStored && await outbox.TryStoreAsync(batch.Batch, isClaimed: maySend, Storing))
            {
                batch.IsStored = true;
                queue.Release(batch.EventCount, batch.Size);
            }

            if (maySend ? !await SendAsync(batch) : !batch.IsStored)
            {
                Volatile.Write(ref _oldestArrival, batch.NewestArrival.UtcTicks);
                return false;
            }

            if (!maySend)
            {
                // It is in the outbox, where any node may claim it.
                _batches.RemoveFirst();
            }
        }

        Volatile.Write(ref _oldestArrival, 0);
        return true;
    }

    /// <returns>Whether the batch was removed from the list.</returns>
    private async Task<bool> SendAsync(PendingBatch batch)
    {
        using var lease = CancellationTokenSource.CreateLinkedTokenSource(Sending);
        await using var timer = batch.IsStored ? EndBefore(lease) : null;
        var outcome = await post.SendAsync(batch.Batch, batch.IsRetry, lease.Token);
        batch.IsRetry = true;
        switch (outcome.Result)
        {
            case PostResult.Failed:
                return await RetryLaterAsync(batch, outcome);
            case PostResult.TooLarge when batch.Split() is { Length: > 0 } halves:
                await ReplaceAsync(batch, halves);
                return true;
            case PostResult.Accepted:
                break;
            case PostResult.Discarded:
                HasDropped = true;
                losses.Drop(batch.EventCount, outcome.Reason);
                break;
            default:
                HasDropped = true;
                losses.Drop(batch.EventCount, outcome.Reason, outcome.Exception);
                rollback.Undo(batch.Batch);
                break;
        }

        Pause.End();
        if (Interlocked.Exchange(ref _problem, null) is not null)
        {
            logger.EventsRecovered();
        }

        await RemoveAsync(batch);
        return true;
    }

    private async Task<bool> RetryLaterAsync(PendingBatch batch, PostOutcome outcome)
    {
        Pause.Start(outcome.RetryAfter);
        if (Interlocked.Exchange(ref _problem, outcome.Problem) is null)
        {
            logger.EventsDelayed(outcome.Problem);
        }

        if (!batch.IsStored)
        {
            return false;
        }

        _batches.RemoveFirst();
        _lastTried = batch.Batch.Id;
        await outbox.ReleaseAsync(batch.Batch, Pause.Left, Storing);
        return true;
    }

    private async Task ReplaceAsync(PendingBatch whole, PendingBatch[] halves)
    {
        _batches.RemoveFirst();
        if (whole.IsStored)
        {
            foreach (var half in halves)
            {
                // After a failure the whole batch is still stored, and can be claimed again when its lease expires.
                if (!await outbox.TryStoreAsync(half.Batch, isClaimed: true, Storing))
                {
                    return;
                }

                half.IsStored = true;
            }

            await outbox.CompleteAsync(whole.Batch, Storing);
        }

        _batches.AddFirst(halves[1]);
        _batches.AddFirst(halves[0]);
    }

    private async Task RemoveAsync(PendingBatch batch)
    {
        _batches.RemoveFirst();
        if (batch.IsStored)
        {
            await outbox.CompleteAsync(batch.Batch, Storing);
        }
        else
        {
            queue.Release(batch.EventCount, batch.Size);
        }
    }

    private ITimer EndBefore(CancellationTokenSource lease) => clock.CreateTimer(
        static state => ((CancellationTokenSource)state!).Cancel(),
        lease,
        outbox.Lease - LeaseMargin,
        Timeout.InfiniteTimeSpan);
}
