using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Stores written batches in the outbox, in their order, or sends them when there is no outbox or it fails.</summary>
/// <remarks>A batch that is neither stored nor accepted waits here, in front of all later ones, so that the events of a
/// visitor keep their order and nonces. Not safe for concurrent use, except for the property that health checks read.</remarks>
internal sealed class TrackingDelivery(
    TrackingQueue queue,
    PacedPost post,
    OutboxKeeper outbox,
    OutboxDelivery outboxDelivery,
    TrackingLosses losses,
    ReportMarks marks,
    IOptions<KameleoonOptions> options,
    TimeProvider clock)
{
    private readonly TimeSpan _maxAge = options.Value.Tracking.MaxEventAge;
    private readonly LinkedList<PendingBatch> _batches = new();
    private long _oldestArrival;

    /// <summary>When the newest event of the first waiting batch arrived, or null. Its older events arrived at most one
    /// tracking interval earlier. Safe to read from any thread.</summary>
    internal long? OldestArrival => Volatile.Read(ref _oldestArrival) is var arrival and > 0 ? arrival : null;

    /// <summary>How many events wait here.</summary>
    internal int Count => _batches.Sum(static batch => batch.EventCount);

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

    /// <summary>Stores or sends the batches, oldest first.</summary>
    /// <returns>Whether no batch waits here any more.</returns>
    internal async Task<bool> DeliverAsync()
    {
        while (_batches.First is { Value: var batch })
        {
            if (clock.GetElapsedTime(batch.NewestArrival) > _maxAge)
            {
                Drop(batch, "expired");
                marks.Undo(batch.Batch);
                Remove(batch);
            }
            else if (outbox.IsThere && await outbox.TryStoreAsync(batch, Storing))
            {
                outboxDelivery.Wake();
                batch.HasConfirmedKeys = outbox.ConfirmsKeys && batch.Keys.Count > 0;
                marks.Settle(batch);
                Remove(batch);
            }
            else if (!await TrySendAsync(batch))
            {
                Volatile.Write(ref _oldestArrival, batch.NewestArrival);
                return false;
            }
        }

        Volatile.Write(ref _oldestArrival, 0);
        return true;
    }

    /// <returns>Whether the batch was removed from the list.</returns>
    private async Task<bool> TrySendAsync(PendingBatch batch)
    {
        // Older events in the outbox go first.
        if (outboxDelivery.IsBehind || await post.SendAsync(batch, Sending) is not { } outcome)
        {
            return false;
        }

        switch (outcome.Result)
        {
            case PostResult.Failed:
                return false;
            case PostResult.MustSplit when batch.Split() is { Length: > 0 } halves:
                _batches.RemoveFirst();
                _batches.AddFirst(halves[1]);
                _batches.AddFirst(halves[0]);
                return true;
            case PostResult.Accepted:
                marks.Settle(batch);
                break;
            case PostResult.Discarded:
                marks.Settle(batch);
                Drop(batch, outcome.Reason);
                break;
            default:
                Drop(batch, outcome.Reason);
                marks.Undo(batch.Batch);
                break;
        }

        Remove(batch);
        return true;
    }

    private void Drop(PendingBatch batch, string reason)
    {
        HasDropped = true;
        losses.Drop(batch.EventCount, reason);
    }

    private void Remove(PendingBatch batch)
    {
        _batches.RemoveFirst();
        queue.Release(batch.EventCount, batch.Size);
    }
}
