using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Runs one round of tracking: sends batches from the outbox, then writes the queued events into batches and sends
/// them.</summary>
/// <remarks>One round at a time.</remarks>
internal sealed class TrackingRound : IDisposable
{
    // About one body. Events that stay in the queue can still be dropped for more important ones.
    private const int DequeuedAtOnce = 25_000;

    private static readonly TimeSpan ClaimInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BacklogInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly TrackingQueue _queue;
    private readonly TrackingDelivery _delivery;
    private readonly OutboxKeeper _outbox;
    private readonly TrackingLosses _losses;
    private readonly TimeProvider _clock;
    private readonly KameleoonOptions _options;
    private readonly EventBuffer _events = new();
    private readonly BatchWriter _writer;
    private DateTimeOffset _nextClaim = DateTimeOffset.MinValue;
    private DateTimeOffset _nextBacklog = DateTimeOffset.MinValue;
    private DateTimeOffset _lastId = DateTimeOffset.UnixEpoch;
    private long _dequeuedArrival;
    private bool _hasDropped;

    public TrackingRound(
        TrackingQueue queue,
        TrackingDelivery delivery,
        OutboxKeeper outbox,
        TrackingLosses losses,
        IOptions<KameleoonOptions> options,
        TimeProvider clock)
    {
        (_queue, _delivery, _outbox, _losses, _clock) = (queue, delivery, outbox, losses, clock);
        _options = options.Value;
        _writer = new BatchWriter(_events);
    }

    /// <summary>The age of the oldest event that the platform has not accepted, or zero. Safe to read from any thread.</summary>
    internal TimeSpan OldestAge
    {
        get
        {
            var dequeued = Volatile.Read(ref _dequeuedArrival);
            var oldest = dequeued > 0 ? new DateTimeOffset(dequeued, TimeSpan.Zero) : _queue.OldestArrival;
            oldest = _delivery.OldestArrival < (oldest ?? DateTimeOffset.MaxValue) ? _delivery.OldestArrival : oldest;
            var age = oldest is { } arrival ? _clock.GetUtcNow() - arrival : TimeSpan.Zero;
            return age > _outbox.Age ? age : _outbox.Age;
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _events.Dispose();
    }

    /// <summary>Runs a round.</summary>
    /// <param name="isLast">Whether the application stops, so that a pause after failures ends at once.</param>
    /// <param name="sending">Cancels sending.</param>
    /// <param name="storing">Cancels storing.</param>
    /// <returns>Whether every event that was queued is sent or stored, and none was dropped.</returns>
    internal async Task<bool> RunAsync(bool isLast, CancellationToken sending, CancellationToken storing)
    {
        _delivery.Begin(sending, storing);
        if (isLast)
        {
            _delivery.Pause.End();
        }

        _hasDropped = false;
        Drop(_queue.ResetOverflowed(), "overflow");
        var isComplete = await _delivery.DeliverAsync()
            && await SendQueueAsync(canSend: !_outbox.IsThere || await SendClaimedAsync());
        Drop(_queue.ResetOverflowed(), "overflow");
        if (_outbox.IsThere && _clock.GetUtcNow() >= _nextBacklog)
        {
            _nextBacklog = _clock.GetUtcNow() + BacklogInterval;
            await _outbox.LookAsync(_delivery.Storing);
        }

        return isComplete && !_hasDropped && !_delivery.HasDropped;
    }

    /// <summary>Drops and counts the events that are left in memory, because the application stops.</summary>
    internal void DropRest()
    {
        _queue.Close(() => _losses.Drop(1, "stop"));
        _queue.Dequeue(_events, DateTimeOffset.MinValue);
        _losses.Drop(_queue.ResetOverflowed(), "overflow");
        _losses.Drop(_delivery.CountInMemory + _events.Count, "stop");
        _events.Clear();
    }

    private async Task<bool> SendQueueAsync(bool canSend)
    {
        var end = _queue.StartSegment();
        bool isComplete;
        do
        {
            var expired = _queue.Dequeue(_events, _clock.GetUtcNow() - _options.Tracking.MaxEventAge, end, DequeuedAtOnce);
            Drop(expired, "expired");
            if (_events.Count == 0)
            {
                return true;
            }

            isComplete = await SendDequeuedAsync(canSend);
        }
        while (isComplete);

        return false;
    }

    private async Task<bool> SendDequeuedAsync(bool canSend)
    {
        Volatile.Write(ref _dequeuedArrival, _events.OldestArrival.UtcTicks);
        _events.Sort();
        _losses.Skip(_events.DuplicateCount, "repeated");
        _queue.Release(_events.DuplicateCount, _events.DuplicateSize);

        try
        {
            return await SendBatchesAsync(canSend);
        }
        finally
        {
            // The buffer is empty unless an exception or a failed delivery left events in it.
            _queue.Requeue(_events);
            _events.Clear();
            Volatile.Write(ref _dequeuedArrival, 0);
        }
    }

    private async Task<bool> SendBatchesAsync(bool canSend)
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

            _delivery.Add(batch);
            if (!await _delivery.DeliverAsync(canSend))
            {
                return false;
            }
        }
    }

    private void Drop(int count, string reason)
    {
        _hasDropped |= count > 0;
        _losses.Drop(count, reason);
    }

    // Ids of the same millisecond have no order, and a visitor's events must keep theirs from batch to batch.
    private Guid NextId()
    {
        var now = _clock.GetUtcNow();
        _lastId = now - _lastId >= Tick ? now : _lastId + Tick;
        return Guid.CreateVersion7(_lastId);
    }

    /// <summary>Claims and sends batches from the outbox: those of stopped nodes, and those of an outage.</summary>
    /// <returns>False when older batches are left in the outbox, so that queued events must wait for their turn.</returns>
    private async Task<bool> SendClaimedAsync()
    {
        var isFailing = _delivery.Problem is not null;
        if (!_delivery.Pause.IsOver || (_clock.GetUtcNow() < _nextClaim && !isFailing))
        {
            return true;
        }

        // A long backlog alternates with queued events, which are stored meanwhile. A round adds one batch, so send two or more.
        var end = _clock.GetUtcNow() + _options.TrackingInterval;
        for (var claimed = 0; _delivery.Pause.IsOver && !_delivery.Sending.IsCancellationRequested; claimed++)
        {
            if (claimed >= 2 && _clock.GetUtcNow() >= end)
            {
                _nextClaim = DateTimeOffset.MinValue;
                return false;
            }

            if (await _outbox.TryClaimAsync(_delivery.Sending) is not { } batch)
            {
                break;
            }

            _nextBacklog = DateTimeOffset.MinValue;
            _delivery.AddClaimed(batch);
            await _delivery.DeliverAsync();
        }

        _nextClaim = _clock.GetUtcNow() + ClaimInterval;
        return true;
    }
}
