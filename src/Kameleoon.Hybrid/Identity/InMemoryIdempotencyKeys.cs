using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Keeps idempotency keys in the memory of this process. Used when the application adds no store of keys.</summary>
/// <remarks>Above a limit, the oldest keys are removed: of one caller first, so that a caller with many keys removes no keys
/// of others.</remarks>
internal sealed class InMemoryIdempotencyKeys(TimeProvider clock, IOptions<KameleoonOptions> options)
    : IIdempotencyKeyStore, IVisitorMemory
{
    internal const int Capacity = 100_000;
    internal const int CapacityOfCaller = 1000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    private readonly Lock _gate = new();
    private readonly TimeSpan _lease = options.Value.Identity.KeyLease;
    private readonly Dictionary<(string Caller, string Key), Entry> _entries = [];
    private readonly Dictionary<string, LinkedList<Entry>> _callers = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _oldestFirst = new();

    public ValueTask<IdempotencyClaim> ClaimAsync(IdempotencyKey key, string content, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            RemoveExpired();
            if (_entries.GetValueOrDefault((key.Caller, key.Key)) is { } earlier)
            {
                if (!string.Equals(earlier.Content, content, StringComparison.Ordinal))
                {
                    return new(IdempotencyClaim.Other);
                }

                if (earlier.IsConfirmed || clock.GetElapsedTime(earlier.Since) < _lease)
                {
                    return new(earlier.IsConfirmed ? IdempotencyClaim.Repeated : IdempotencyClaim.Pending);
                }

                Remove(earlier);
            }

            Add(new Entry(key, content, clock.GetTimestamp()));
            return new(IdempotencyClaim.New);
        }
    }

    public ValueTask ConfirmAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _ = FindClaim(key)?.IsConfirmed = true;
        }

        return default;
    }

    public ValueTask ReleaseAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (FindClaim(key) is { IsConfirmed: false } claim)
            {
                Remove(claim);
            }
        }

        return default;
    }

    public ValueTask<string?> FindCallerAsync(
        IReadOnlyCollection<string> callers, string key, string content, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(callers.FirstOrDefault(caller => _entries.GetValueOrDefault((caller, key)) is { } earlier
                && string.Equals(earlier.Content, content, StringComparison.Ordinal)));
        }
    }

    public void Remove(string visitorCode)
    {
        lock (_gate)
        {
            while (_callers.GetValueOrDefault(visitorCode)?.First is { Value: var entry })
            {
                Remove(entry);
            }
        }
    }

    private Entry? FindClaim(IdempotencyKey key) =>
        _entries.GetValueOrDefault((key.Caller, key.Key)) is { } entry && entry.Key == key ? entry : null;

    private void RemoveExpired()
    {
        while (_oldestFirst.First is { Value: var oldest } && clock.GetElapsedTime(oldest.Since) >= Lifetime)
        {
            Remove(oldest);
        }
    }

    private void Add(Entry added)
    {
        if (_callers.GetValueOrDefault(added.Key.Caller) is { Count: >= CapacityOfCaller } full)
        {
            Remove(full.First!.Value);
        }
        else if (_entries.Count >= Capacity)
        {
            Remove(_oldestFirst.First!.Value);
        }

        if (!_callers.TryGetValue(added.Key.Caller, out var own))
        {
            _callers.Add(added.Key.Caller, own = new LinkedList<Entry>());
        }

        own.AddLast(added.OfCaller);
        _oldestFirst.AddLast(added.OfAll);
        _entries.Add((added.Key.Caller, added.Key.Key), added);
    }

    private void Remove(Entry removed)
    {
        var own = _callers[removed.Key.Caller];
        own.Remove(removed.OfCaller);
        if (own.Count == 0)
        {
            _callers.Remove(removed.Key.Caller);
        }

        _oldestFirst.Remove(removed.OfAll);
        _entries.Remove((removed.Key.Caller, removed.Key.Key));
    }

    private sealed class Entry
    {
        internal Entry(IdempotencyKey key, string content, long since)
        {
            (Key, Content, Since) = (key, content, since);
            (OfCaller, OfAll) = (new(this), new(this));
        }

        internal IdempotencyKey Key { get; }

        internal string Content { get; }

        internal long Since { get; }

        internal bool IsConfirmed { get; set; }

        internal LinkedListNode<Entry> OfCaller { get; }

        internal LinkedListNode<Entry> OfAll { get; }
    }
}
