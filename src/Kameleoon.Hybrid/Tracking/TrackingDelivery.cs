using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Brings written batches to the platform, through the outbox if there is one, one after the other.</summary>
/// <remarks>What the platform does not take waits here, before everything that comes later: so a visitor's events keep their
/// order and their nonces. Used by one round at a time.</remarks>
internal sealed class TrackingDelivery(
    TrackingQueue queue,
    TrackingPost post,
    OutboxKeeper outbox,
    TrackingLosses losses,
    LostReports lost,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    KameleoonMetrics metrics,
    ILogger<TrackingDelivery> logger)
{
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _maxAge = options.Value.Tracking.MaxEventAge;
    private readonly LinkedList<Parcel> _parcels = new();
    private Guid _lastTried;
    private long _waitingSince;
    private string? _problem;

    /// <summary>How long the platform is left alone.</summary>
    internal TrackingPause Pause { get; } = new(options, clock);

    /// <summary>Why the platform does not take events, or null.</summary>
    internal string? Problem => Volatile.Read(ref _problem);

    /// <summary>When the events came that wait here for the longest, or null.</summary>
    internal DateTimeOffset? WaitingSince =>
        Volatile.Read(ref _waitingSince) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>How many events wait here that no outbox has.</summary>
    internal int CountInMemory =>
        _parcels.Where(static parcel => !parcel.IsStored).Sum(static parcel => parcel.Batch.EventCount);

    /// <summary>Whether something was given up since the round began.</summary>
    internal bool HasRefused { get; private set; }

    /// <summary>Ends what is sent.</summary>
    internal CancellationToken Sending { get; private set; }

    /// <summary>Ends what is stored.</summary>
    internal CancellationToken Storing { get; private set; }

    internal void Begin(CancellationToken sending, CancellationToken storing) =>
        (Sending, Storing, HasRefused) = (sending, storing, false);

    internal void Add(Parcel parcel) => _parcels.AddLast(parcel);

    /// <summary>A batch that was claimed from the outbox. Most of what waits there was never sent.</summary>
    internal Parcel ParcelOf(TrackingBatch claimed) =>
        new(claimed, 0, claimed.CreatedAt) { IsStored = true, Attempts = claimed.Id == _lastTried ? 1 : 0 };

    /// <summary>Stores and sends what is here, the oldest first.</summary>
    /// <param name="isTurn">Whether it may be sent, and not only stored, because nothing older waits in the outbox.</param>
    /// <returns>Whether nothing of it waits in memory any more.</returns>
    internal async Task<bool> SettleAsync(bool isTurn = true)
    {
        while (_parcels.First is { Value: var parcel })
        {
            if (clock.GetUtcNow() - parcel.Since > _maxAge)
            {
                HasRefused = true;
                losses.Drop(parcel.Batch.EventCount, "expired");
                lost.Return(parcel.Batch);
                await RemoveAsync(parcel);
                continue;
            }

            var maySend = isTurn && Pause.IsOver && !Sending.IsCancellationRequested;
            if (!parcel.IsStored && await outbox.TryStoreAsync(parcel.Batch, isClaimed: maySend, Storing))
            {
                parcel.IsStored = true;
                queue.Settle(parcel.Batch.EventCount, parcel.Size);
            }

            if (maySend ? !await SendAsync(parcel) : !parcel.IsStored)
            {
                Volatile.Write(ref _waitingSince, parcel.Since.UtcTicks);
                return false;
            }

            if (!maySend)
            {
                // It is in the outbox, and anybody's to send later.
                _parcels.RemoveFirst();
            }
        }

        Volatile.Write(ref _waitingSince, 0);
        return true;
    }

    /// <returns>Whether the parcel is off the list.</returns>
    private async Task<bool> SendAsync(Parcel parcel)
    {
        if (parcel.Attempts++ > 0)
        {
            metrics.EventsRetried(parcel.Batch.EventCount);
        }

        using var lease = CancellationTokenSource.CreateLinkedTokenSource(Sending);
        await using var timer = parcel.IsStored ? EndBefore(lease) : null;
        var outcome = await post.SendAsync(parcel.Batch, lease.Token);
        switch (outcome.Result)
        {
            case PostResult.Failed:
                return await WaitAsync(parcel, outcome);
            case PostResult.TooLarge when parcel.Halve() is { Length: > 0 } halves:
                await ReplaceAsync(parcel, halves);
                return true;
            case PostResult.Accepted:
                break;
            case PostResult.Unwanted:
                HasRefused = true;
                losses.Drop(parcel.Batch.EventCount, outcome.Reason);
                break;
            default:
                HasRefused = true;
                losses.Drop(parcel.Batch.EventCount, outcome.Reason, outcome.Exception);
                lost.Return(parcel.Batch);
                break;
        }

        Pause.End();
        if (Interlocked.Exchange(ref _problem, null) is not null)
        {
            logger.EventsRecovered();
        }

        await RemoveAsync(parcel);
        return true;
    }

    private async Task<bool> WaitAsync(Parcel parcel, PostOutcome outcome)
    {
        Pause.Start(outcome.RetryAfter);
        if (Interlocked.Exchange(ref _problem, outcome.Problem) is null)
        {
            logger.EventsDelayed(outcome.Problem);
        }

        if (!parcel.IsStored)
        {
            return false;
        }

        _parcels.RemoveFirst();
        _lastTried = parcel.Batch.Id;
        await outbox.ReleaseAsync(parcel.Batch, Pause.Left, Storing);
        return true;
    }

    private async Task ReplaceAsync(Parcel whole, Parcel[] halves)
    {
        _parcels.RemoveFirst();
        if (whole.IsStored)
        {
            foreach (var half in halves)
            {
                // Where that fails the whole is still there, and comes again when its lease is over.
                if (!await outbox.TryStoreAsync(half.Batch, isClaimed: true, Storing))
                {
                    return;
                }

                half.IsStored = true;
            }

            await outbox.CompleteAsync(whole.Batch, Storing);
        }

        _parcels.AddFirst(halves[1]);
        _parcels.AddFirst(halves[0]);
    }

    private async Task RemoveAsync(Parcel parcel)
    {
        _parcels.RemoveFirst();
        if (parcel.IsStored)
        {
            await outbox.CompleteAsync(parcel.Batch, Storing);
        }
        else
        {
            queue.Settle(parcel.Batch.EventCount, parcel.Size);
        }
    }

    private ITimer EndBefore(CancellationTokenSource lease) => clock.CreateTimer(
        static state => ((CancellationTokenSource)state!).Cancel(),
        lease,
        outbox.Lease - LeaseMargin,
        Timeout.InfiniteTimeSpan);
}
