using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Runs one round of tracking: writes the queued events into batches, and stores or sends them.</summary>
/// <remarks>One round at a time.</remarks>
internal sealed class TrackingRound : IDisposable
{
    // About one body. Events that stay in the queue can still be dropped for more important ones.
    private const int DequeuedAtOnce = 25_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly TrackingQueue _queue;
    private readonly TrackingDelivery _delivery;
    private readonly PacedPost _post;
    private readonly OutboxKeeper _outbox;
    private readonly TrackingLosses _losses;
    private readonly TimeProvider _clock;
    private readonly KameleoonOptions _options;
    private readonly EventBuffer _events = new();
    private readonly BatchWriter _writer;
    private DateTimeOffset _lastId = DateTimeOffset.UnixEpoch;
    private long _dequeuedArrival;
    private long _lostCount;
    private bool _hasDropped;
    private IReadOnlyList<IdempotencyKey> _keys = [];
    private PendingBatch? _keyed;

    public TrackingRound(
        TrackingQueue queue,
        TrackingDelivery delivery,
        PacedPost post,
        OutboxKeeper outbox,
        TrackingLosses losses,
        IOptions<KameleoonOptions> options,
        TimeProvider clock)
    {
        (_queue, _delivery, _post, _outbox, _losses, _clock) = (queue, delivery, post, outbox, losses, clock);
        _options = options.Value;
        _writer = new BatchWriter(_events);
    }

    /// <summary>The age of the oldest event that the platform has not accepted, or zero. Safe to read from any thread.</summary>
    internal TimeSpan OldestAge
    {
        get
        {
            var dequeued = Volatile.Read(ref _dequeuedArrival);
            var oldest = dequeued > 0 ? dequeued : _queue.OldestArrival;
            oldest = _delivery.OldestArrival < (oldest ?? long.MaxValue) ? _delivery.OldestArrival : oldest;
            var age = oldest is { } arrival ? _clock.GetElapsedTime(arrival) : TimeSpan.Zero;
            return age > _outbox.Age ? age : _outbox.Age;
        }
    }

    /// <summary>How many events were dropped since the start before a batch contained them. Safe to read from any thread.
    /// </summary>
    internal long LostCount => Interlocked.Read(ref _lostCount);

    public void Dispose()
    {
        _writer.Dispose();
        _events.Dispose();
    }

    /// <summary>Runs a round.</summary>
    /// <param name="keys">The idempotency keys whose events are queued. The outbox confirms them with the last batch of the
    /// round, if it can and no event was dropped.</param>
    /// <param name="isLast">Whether the application stops, so that a pause after failures ends at once.</param>
    /// <param name="sending">Cancels sending.</param>
    /// <param name="storing">Cancels storing.</param>
    internal async Task<FlushResult> RunAsync(
        IReadOnlyList<IdempotencyKey> keys, bool isLast, CancellationToken sending, CancellationToken storing)
    {
        _delivery.Begin(sending, storing);
        if (isLast)
        {
            _post.Pause.End();
        }

        _keys = _outbox.ConfirmsKeys ? keys : [];
        _keyed = null;
        _hasDropped = false;
        Drop(_queue.ResetOverflowed(), "overflow");
        var isComplete = await _delivery.DeliverAsync() && await DeliverQueueAsync();
        Drop(_queue.ResetOverflowed(), "overflow");
        var isSafe = isComplete && !HasDropped;
        return new FlushResult(isSafe, isSafe && _keyed is { HasConfirmedKeys: true });
    }

    /// <summary>Drops and counts the events that are left in memory, because the application stops.</summary>
    internal void DropRest()
    {
        _queue.Close(() => _losses.Drop(1, "stop"));
        _queue.Dequeue(_events, long.MinValue);
        _losses.Drop(_queue.ResetOverflowed(), "overflow");
        _losses.Drop(_delivery.Count + _events.Count, "stop");
        _events.Clear();
    }

    private bool HasDropped => _hasDropped || _delivery.HasDropped;

    private async Task<bool> DeliverQueueAsync()
    {
        var end = _queue.StartSegment();
        bool isComplete;
        do
        {
            var expired = _queue.Dequeue(_events, _clock.GetTimestamp(-_options.Tracking.MaxEventAge), end, DequeuedAtOnce);
            Drop(expired, "expired");
            if (_events.Count == 0)
            {
                return true;
            }

            isComplete = await DeliverDequeuedAsync(end);
        }
        while (isComplete);

        return false;
    }

    private async Task<bool> DeliverDequeuedAsync(long end)
    {
        Volatile.Write(ref _dequeuedArrival, _events.OldestArrival);
        _events.Sort();
        _losses.Skip(_events.DuplicateCount, "repeated");
        _queue.Release(_events.DuplicateCount, _events.DuplicateSize);

        try
        {
            return await DeliverBatchesAsync(end);
        }
        finally
        {
            // The buffer is empty unless an exception or a failed delivery left events in it.
            _queue.Requeue(_events);
            _events.Clear();
            Volatile.Write(ref _dequeuedArrival, 0);
        }
    }

    private async Task<bool> DeliverBatchesAsync(long end)
    {
        while (true)
        {
            var batch = _writer.WriteNext(NextId(), _options.SiteCode, _clock.GetUtcNow());
            Drop(_writer.TooLargeCount, "too_large");
            _queue.Release(_writer.TooLargeCount, _writer.TooLargeSize);
            if (batch is null)
            {
                return true;
            }

            if (_events.Next == _events.Count && !HasDropped && _queue.IsEmptyBefore(end))
            {
                (batch.Keys, _keyed) = (_keys, batch);
            }

            _delivery.Add(batch);
            if (!await _delivery.DeliverAsync())
            {
                return false;
            }
        }
    }

    private void Drop(int count, string reason)
    {
        _hasDropped |= count > 0;
        Interlocked.Add(ref _lostCount, count);
        _losses.Drop(count, reason);
    }

    // Ids of the same millisecond have no order, and a visitor's events must keep theirs from batch to batch.
    private Guid NextId()
    {
        var now = _clock.GetUtcNow();
        _lastId = now - _lastId >= Tick ? now : _lastId + Tick;
        return Guid.CreateVersion7(_lastId);
    }
}

/// <summary>The result of a flush.</summary>
/// <param name="IsSafe">Whether every event that was queued is stored or accepted, and none was dropped.</param>
/// <param name="ConfirmsKeys">Whether the idempotency keys of the flush were confirmed in the same transaction.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FlushResult(bool IsSafe, bool ConfirmsKeys);
