using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Claims batches from the outbox and sends them, oldest first, many small ones in one request.</summary>
/// <remarks>A batch is stored for each flush, faster than the platform answers requests. One call to <see cref="RunAsync"/>
/// at a time. Storing never waits for it.</remarks>
internal sealed class OutboxDelivery(
    OutboxKeeper outbox,
    PacedPost post,
    TrackingLosses losses,
    ReportMarks marks,
    IOptions<KameleoonOptions> options,
    TimeProvider clock)
{
    private const int MaxClaimed = 100;

    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(10);

    // Other nodes may leave batches behind, and a lease may run out.
    private static readonly TimeSpan ClaimInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _maxAge = options.Value.Tracking.MaxEventAge;
    private readonly WakeSignal _wake = new();
    private long _nextClaim = long.MinValue;
    private long _nextLook = long.MinValue;
    private HashSet<Guid> _lastTried = [];
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
        var isDue = IsBehind || clock.GetTimestamp() >= _nextClaim;
        Volatile.Write(ref _isBehind, IsBehind);
        Volatile.Write(ref _hasNew, false);
        var claimed = 0;
        while (isDue && post.Pause.IsOver && !sending.IsCancellationRequested)
        {
            var count = await ClaimAndSendAsync(sending, storing);
            claimed += count;
            if (count < MaxClaimed)
            {
                isDue = !post.Pause.IsOver;
                _nextClaim = clock.GetTimestamp(ClaimInterval);
                Volatile.Write(ref _isBehind, isDue);
            }
        }

        if (clock.GetTimestamp() >= _nextLook || (claimed > 0 && outbox.Backlog is { EventCount: > 0 }))
        {
            _nextLook = clock.GetTimestamp(LookInterval);
            await outbox.LookAsync(storing);
        }
    }

    /// <returns>The number of claimed batches.</returns>
    private async Task<int> ClaimAndSendAsync(CancellationToken sending, CancellationToken storing)
    {
        List<TrackingBatch> batches = [];
        var (count, size) = (0, 0);
        for (; count < MaxClaimed && await outbox.TryClaimAsync(sending) is { } batch; count++)
        {
            Volatile.Write(ref _isBehind, true);
            if (clock.GetUtcNow() - batch.CreatedAt > _maxAge)
            {
                losses.Drop(batch.EventCount, "expired");
                marks.Undo(batch);
                await outbox.CompleteAsync(batch, storing);
                continue;
            }

            if (size > 0 && size + batch.Body.Length >= BatchWriter.MaxBytes)
            {
                await DeliverAsync(batches, sending, storing);
                (batches, size) = ([], 0);
            }

            batches.Add(batch);
            size += batch.Body.Length + 1;
        }

        await DeliverAsync(batches, sending, storing);
        return count;
    }

    private async Task DeliverAsync(List<TrackingBatch> batches, CancellationToken sending, CancellationToken storing)
    {
        if (batches.Count == 0)
        {
            return;
        }

        using var lease = CancellationTokenSource.CreateLinkedTokenSource(sending);
        await using var timer = EndBefore(lease);
        var outcome = await post.SendAsync(Join(batches), lease.Token);
        if (outcome is null or { Result: PostResult.Failed })
        {
            _lastTried = outcome is null ? _lastTried : [.. batches.Select(static batch => batch.Id)];
            foreach (var batch in batches)
            {
                await outbox.ReleaseAsync(batch, post.Pause.Left, storing);
            }
        }
        else if (outcome.Result != PostResult.Accepted && batches.Count > 1)
        {
            // The platform rejects one of them, and the others must not be dropped with it.
            foreach (var batch in batches)
            {
                await DeliverAsync([batch], sending, storing);
            }
        }
        else
        {
            await CompleteAsync(batches, outcome, sending, storing);
        }
    }

    private async Task CompleteAsync(
        List<TrackingBatch> batches, PostOutcome outcome, CancellationToken sending, CancellationToken storing)
    {
        foreach (var batch in batches)
        {
            switch (outcome.Result)
            {
                case PostResult.MustSplit when BatchSplitter.Split(batch) is (var first, var second):
                    await ReplaceAsync(batch, [first, second], sending, storing);
                    continue;
                case PostResult.Accepted:
                    break;
                case PostResult.Discarded:
                    losses.Drop(batch.EventCount, outcome.Reason);
                    break;
                default:
                    losses.Drop(batch.EventCount, outcome.Reason);
                    marks.Undo(batch);
                    break;
            }

            await outbox.CompleteAsync(batch, storing);
        }
    }

    // Most stored batches were never posted.
    private PendingBatch Join(List<TrackingBatch> batches)
    {
        var first = batches[0];
        var joined = batches.Count == 1 ? first : first with
        {
            Body = JoinBodies(batches),
            EventCount = batches.Sum(static batch => batch.EventCount),
        };
        return new PendingBatch(joined, size: 0, clock.GetTimestamp())
        {
            RetriedCount = batches.Where(batch => _lastTried.Contains(batch.Id)).Sum(static batch => batch.EventCount),
        };
    }

    private static byte[] JoinBodies(List<TrackingBatch> batches)
    {
        var body = new byte[batches.Sum(static batch => batch.Body.Length + 1) - 1];
        var place = 0;
        foreach (var batch in batches)
        {
            if (place > 0)
            {
                body[place++] = (byte)'\n';
            }

            batch.Body.CopyTo(body.AsMemory(place));
            place += batch.Body.Length;
        }

        return body;
    }

    private async Task ReplaceAsync(
        TrackingBatch whole, TrackingBatch[] halves, CancellationToken sending, CancellationToken storing)
    {
        foreach (var half in halves)
        {
            // After a failure the whole batch is still stored, and can be claimed again when its lease expires.
            if (!await outbox.TryStoreClaimedAsync(half, storing))
            {
                return;
            }
        }

        await outbox.CompleteAsync(whole, storing);
        foreach (var half in halves)
        {
            await DeliverAsync([half], sending, storing);
        }
    }

    private ITimer EndBefore(CancellationTokenSource lease) => clock.CreateTimer(
        static state => ((CancellationTokenSource)state!).Cancel(),
        lease,
        outbox.Lease - LeaseMargin,
        Timeout.InfiniteTimeSpan);
}
