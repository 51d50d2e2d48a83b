using System.Collections.Concurrent;

namespace Kameleoon.Hybrid;

/// <summary>The last pages of visitors, for a while.</summary>
/// <remarks>Most visitors have one page. It becomes a row of a table once its response is complete, because the garbage collector
/// would have to move objects. Memory is bounded: beyond the limit the oldest pages are forgotten. Safe for concurrent use.
/// </remarks>
/// <param name="clock">The clock.</param>
/// <param name="lifetime">How long a visitor is remembered without a page.</param>
internal sealed class HandedPages(TimeProvider clock, TimeSpan lifetime)
{
    private const int MaxVisitors = 50_000;
    private const int MostForgottenAtOnce = 16;

    private readonly ConcurrentDictionary<VisitorKey, HandedPage> _last = new();
    private readonly ConcurrentQueue<(VisitorKey Visitor, long Due)> _queue = new();
    private readonly RowTable<HandedRow> _rows = new();
    private readonly SessionClock _clock = new(clock);
    private readonly long _lifetime = (long)(lifetime.TotalSeconds * SessionClock.FrequencyOf(clock));

    // Counted here: the collections lock for it, and every request asks.
    private int _count;
    private int _nextPart;

    /// <summary>Whether there are no pages. Costs next to nothing.</summary>
    internal bool AreNone => Volatile.Read(ref _count) == 0 && _rows.Count == 0;

    /// <remarks>A row is removed after the page is there again, so a second look finds the page.</remarks>
    internal bool Contains(string visitorCode) => VisitorKey.Of(visitorCode) is var visitor
        && (_last.ContainsKey(visitor)
            || (visitor.Long is null && (_rows.TryFind(visitor.Short, out _) || _last.ContainsKey(visitor))));

    /// <summary>Whether a ledger is that of the visitor's last page.</summary>
    internal bool IsLast(string visitorCode, ExposureLedger ledger) => ReferenceEquals(PeekAt(visitorCode)?.Ledger, ledger);

    /// <summary>How often exposures of the visitor were taken back, as far as the pages are remembered.</summary>
    internal int GenerationOf(string visitorCode) => PeekAt(visitorCode)?.Generation ?? 0;

    /// <summary>Returns the visitor's last page, which remains an object from then on, or null.</summary>
    internal HandedPage? Find(string visitorCode) => Find(VisitorKey.Of(visitorCode));

    /// <summary>Returns the page that a navigation with a referrer comes from, or null. See <see cref="HandedPage.Find"/>.</summary>
    internal HandedPage? Find(string visitorCode, string referrer) => Find(visitorCode)?.Find(referrer, _clock.Timestamp);

    /// <summary>Adds a page as the visitor's last one.</summary>
    internal void Add(string visitorCode, string address, ExposureLedger ledger)
    {
        var now = _clock.Timestamp;
        Forget(now);
        var visitor = VisitorKey.Of(visitorCode);
        var added = new HandedPage(PageAddress.Of(address), ledger, now + _lifetime);
        while (true)
        {
            if (Find(visitor) is { } earlier)
            {
                if (_last.TryUpdate(visitor, added.After(earlier, now), earlier))
                {
                    return;
                }
            }
            else if (_last.TryAdd(visitor, added))
            {
                Await(visitor, added);
                return;
            }
        }
    }

    /// <summary>Forgets the pages of a visitor.</summary>
    internal void Remove(string visitorCode)
    {
        var visitor = VisitorKey.Of(visitorCode);
        if (visitor.Long is null)
        {
            _rows.Remove(visitor.Short);
        }

        _last.TryRemove(visitor, out _);
    }

    /// <summary>The response of a page is complete.</summary>
    internal void Complete(string visitorCode, ExposureLedger ledger)
    {
        if (VisitorKey.Of(visitorCode) is not { Long: null } visitor
            || !_last.TryGetValue(visitor, out var page)
            || !page.IsAlone
            || !ReferenceEquals(page.Ledger, ledger)
            || !HandedRow.TryCopy(page, out var row))
        {
            return;
        }

        // The row comes first, so that a thread that cannot use the page finds the row.
        _rows.Set(visitor.Short, row);
        if (!page.TryEndUse())
        {
            _rows.Remove(visitor.Short);
            return;
        }

        _last.TryRemove(KeyValuePair.Create(visitor, page));
        while (_rows.Count > MaxVisitors && _rows.TryRemoveOldest())
        {
        }
    }

    private HandedPage? PeekAt(string visitorCode) => _last.GetValueOrDefault(VisitorKey.Of(visitorCode));

    private HandedPage? Find(in VisitorKey visitor)
    {
        while (true)
        {
            if (_last.TryGetValue(visitor, out var page))
            {
                if (page.TryUse())
                {
                    return page;
                }

                _last.TryRemove(KeyValuePair.Create(visitor, page));
            }
            else if (visitor.Long is null && _rows.TryFind(visitor.Short, out var row))
            {
                var restored = row.ToPage();
                if (_last.TryAdd(visitor, restored))
                {
                    _rows.Remove(visitor.Short);
                    Await(visitor, restored);
                }
            }
            else if (!_last.ContainsKey(visitor))
            {
                return null; // A row is removed after the page is there again, so a second look finds the page.
            }
        }
    }

    private void Await(in VisitorKey visitor, HandedPage page)
    {
        _queue.Enqueue((visitor, page.Due));
        Interlocked.Increment(ref _count);
    }

    // A visitor waits once while the last page is an object. The entry of a page that became a row only counts.
    private void Forget(long now)
    {
        for (var i = 0; i < MostForgottenAtOnce
            && _queue.TryPeek(out var first)
            && (first.Due <= now || Volatile.Read(ref _count) >= MaxVisitors)
            && _queue.TryDequeue(out first); i++)
        {
            if (!_last.TryGetValue(first.Visitor, out var last))
            {
                Interlocked.Decrement(ref _count);
            }
            else if (last.Due > now && first.Due <= now)
            {
                _queue.Enqueue((first.Visitor, last.Due)); // The visitor had another page since.
            }
            else if (_last.TryRemove(KeyValuePair.Create(first.Visitor, last)))
            {
                Interlocked.Decrement(ref _count);
            }
            else
            {
                _queue.Enqueue(first);
            }
        }

        if (_rows.Count > 0)
        {
            var part = (int)((uint)Interlocked.Increment(ref _nextPart) % RowTable<HandedRow>.Parts);
            _rows.Sweep(part, MostForgottenAtOnce, now, static (in HandedRow row, long time) => row.Due <= time, out _);
        }
    }
}
