namespace Kameleoon.Hybrid.Tests;

/// <summary>An outbox that outlives the sites that share it, as a database does.</summary>
internal sealed class MemoryOutbox(TimeProvider clock) : ITrackingOutbox
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<Guid, (TrackingBatch Batch, DateTimeOffset FreeAt)> _batches = [];

    /// <summary>What the database does instead of working, if anything.</summary>
    internal Exception? Failure { get; set; }

    /// <summary>Whether it fails where it is called, instead of in its task.</summary>
    internal bool ThrowsAtOnce { get; set; }

    /// <summary>What the database waits for before it works.</summary>
    internal Task Ready { get; set; } = Task.CompletedTask;

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _batches.Count;
            }
        }
    }

    public Task StoreAsync(TrackingBatch batch, TimeSpan lease, CancellationToken cancellationToken) => DoAsync(() =>
        _batches[batch.Id] = (batch with { Body = batch.Body.ToArray() }, clock.GetUtcNow() + lease));

    public Task<TrackingBatch?> ClaimAsync(string siteCode, TimeSpan lease, CancellationToken cancellationToken) => DoAsync(() =>
    {
        foreach (var (id, (batch, freeAt)) in _batches)
        {
            if (batch.SiteCode == siteCode && freeAt <= clock.GetUtcNow())
            {
                _batches[id] = (batch, clock.GetUtcNow() + lease);
                return batch;
            }
        }

        return null;
    });

    public Task CompleteAsync(Guid batchId, CancellationToken cancellationToken) => DoAsync(() => _batches.Remove(batchId));

    public Task ReleaseAsync(Guid batchId, TimeSpan delay, CancellationToken cancellationToken) => DoAsync(() =>
        _batches.TryGetValue(batchId, out var held) && (_batches[batchId] = (held.Batch, clock.GetUtcNow() + delay)) is var _);

    public Task<TrackingBacklog> GetBacklogAsync(string siteCode, CancellationToken cancellationToken) => DoAsync(() =>
        new TrackingBacklog(
            _batches.Values.Sum(stored => stored.Batch.EventCount),
            _batches.Count == 0 ? null : _batches.Values.Min(stored => stored.Batch.CreatedAt)));

    private Task<T> DoAsync<T>(Func<T> work) => ThrowsAtOnce && Failure is { } failure ? throw failure : WorkAsync(work);

    private async Task<T> WorkAsync<T>(Func<T> work)
    {
        await Task.Yield();
        await Ready;
        if (Failure is { } failure)
        {
            throw failure;
        }

        lock (_gate)
        {
            return work();
        }
    }
}
