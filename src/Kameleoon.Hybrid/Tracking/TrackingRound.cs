using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Does the work that waits in the outbox, then takes what is queued, writes it and hands it over. One round at a
/// time.</summary>
internal sealed class TrackingRound : IDisposable
{
    // About what a body carries: the rest of the queue can still make room for what is more important.
    private const int TakenAtOnce = 25_000;

    private static readonly TimeSpan ClaimInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly TrackingQueue _queue;
    private readonly TrackingDelivery _delivery;
    private readonly OutboxKeeper _outbox;
    private readonly TrackingLosses _losses;
    private readonly TimeProvider _clock;
    private readonly KameleoonOptions _options;
    private readonly EventBuffer _events = new();
    private readonly TrackingBody _body;
    private DateTimeOffset _nextClaim = DateTimeOffset.MinValue;
    private DateTimeOffset _nextLook = DateTimeOffset.MinValue;
    private DateTimeOffset _lastId = DateTimeOffset.UnixEpoch;
    private long _takenSince;
    private bool _hasDropped;

    public TrackingRound(
        TrackingQueue queue,
        TrackingDelivery delivery,
        OutboxKeeper outbox,
        TrackingLosses losses,
        LostReports lost,
        IOptions<KameleoonOptions> options,
        TimeProvider clock)
    {
        (_queue, _delivery, _outbox, _losses, _clock) = (queue, delivery, outbox, losses, clock);
        _options = options.Value;
        queue.Lost = gone => lost.Return(gone);
        _body = new TrackingBody(_events);
    }

    /// <summary>How long the oldest event waits that the platform has not taken.</summary>
    internal TimeSpan OldestAge
    {
        get
        {
            var taken = Volatile.Read(ref _takenSince);
            var oldest = taken > 0 ? new DateTimeOffset(taken, TimeSpan.Zero) : _queue.OldestSince;
            oldest = _delivery.WaitingSince < (oldest ?? DateTimeOffset.MaxValue) ? _delivery.WaitingSince : oldest;
            var age = oldest is { } since ? _clock.GetUtcNow() - since : TimeSpan.Zero;
            return age > _outbox.Age ? age : _outbox.Age;
        }
    }

    public void Dispose()
    {
        _body.Dispose();
        _events.Dispose();
    }

    /// <param name="isLast">Whether the application stops, so that no pause is kept.</param>
    /// <param name="sending">Ends what is sent.</param>
    /// <param name="storing">Ends what is stored.</param>
    /// <returns>Whether everything that was there is settled, and nothing was refused.</returns>
    internal async Task<bool> RunAsync(bool isLast, CancellationToken sending, CancellationToken storing)
    {
        _delivery.Begin(sending, storing);
        if (isLast)
        {
            _delivery.Pause.End();
        }

        _hasDropped = false;
        Drop(_queue.TakeOverflowed(), "overflow");
        var isSettled = await _delivery.SettleAsync() && await SettleQueueAsync(isTurn: !_outbox.IsThere || await ClaimAsync());
        Drop(_queue.TakeOverflowed(), "overflow");
        if (_outbox.IsThere && _clock.GetUtcNow() >= _nextLook)
        {
            _nextLook = _clock.GetUtcNow() + LookInterval;
            await _outbox.LookAsync(_delivery.Storing);
        }

        return isSettled && !_hasDropped && !_delivery.HasRefused;
    }

    /// <summary>The application ends, and with it what waits in memory.</summary>
    internal void DropRest()
    {
        _queue.Close(() => _losses.Drop(1, "stop"));
        _queue.Take(_events, DateTimeOffset.MinValue);
        _losses.Drop(_queue.TakeOverflowed(), "overflow");
        _losses.Drop(_delivery.CountInMemory + _events.Count, "stop");
        _events.Clear();
    }

    private async Task<bool> SettleQueueAsync(bool isTurn)
    {
        var end = _queue.Cut();
        bool isSettled;
        do
        {
            var expired = _queue.Take(_events, _clock.GetUtcNow() - _options.Tracking.MaxEventAge, end, TakenAtOnce);
            Drop(expired, "expired");
            if (_events.Count == 0)
            {
                return true;
            }

            isSettled = await SettleTakenAsync(isTurn);
        }
        while (isSettled);

        return false;
    }

    private async Task<bool> SettleTakenAsync(bool isTurn)
    {
        Volatile.Write(ref _takenSince, _events.OldestSince.UtcTicks);
        _events.Sort();
        _losses.Withhold(_events.Repeated, "repeated");
        _queue.Settle(_events.Repeated, _events.RepeatedSize);

        try
        {
            return await SettleBodiesAsync(isTurn);
        }
        finally
        {
            // Nothing, if all went well.
            _queue.GiveBack(_events);
            _events.Clear();
            Volatile.Write(ref _takenSince, 0);
        }
    }

    private async Task<bool> SettleBodiesAsync(bool isTurn)
    {
        while (_body.WriteNext() is { } written)
        {
            Drop(_body.TooLarge, "too_large");
            _queue.Settle(_body.TooLarge, _body.TooLargeSize);
            if (written.Count > 0)
            {
                var batch = new TrackingBatch(
                    NextId(), _options.SiteCode, written.Bytes, written.Count, _clock.GetUtcNow());
                _delivery.Add(new Parcel(batch, written.Size, written.Since));
                if (!await _delivery.SettleAsync(isTurn))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void Drop(int count, string reason)
    {
        _hasDropped |= count > 0;
        _losses.Drop(count, reason);
    }

    // Ids of one millisecond are in no order, and the order of batches is that of a visitor's events.
    private Guid NextId()
    {
        var now = _clock.GetUtcNow();
        _lastId = now - _lastId >= Tick ? now : _lastId + Tick;
        return Guid.CreateVersion7(_lastId);
    }

    /// <summary>Sends what other nodes left, and what waited in the outbox through an outage.</summary>
    /// <returns>Whether nothing older waits than what is queued, as far as this node can tell.</returns>
    private async Task<bool> ClaimAsync()
    {
        var isFailing = _delivery.Problem is not null;
        if (!_delivery.Pause.IsOver || (_clock.GetUtcNow() < _nextClaim && !isFailing))
        {
            return true;
        }

        // A long backlog takes turns with what is queued, which is stored meanwhile. Two at least: one comes each round.
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

            _nextLook = DateTimeOffset.MinValue;
            _delivery.Add(_delivery.ParcelOf(batch));
            await _delivery.SettleAsync();
        }

        _nextClaim = _clock.GetUtcNow() + ClaimInterval;
        return true;
    }
}
