namespace Kameleoon.Hybrid;

/// <summary>Small values by visitor code, kept in arrays of structs.</summary>
/// <remarks>The garbage collector neither moves the arrays nor looks into them. A million visitors who are objects cost it
/// hundreds of milliseconds. Safe for concurrent use: each part has a lock, mostly for less than a microsecond, and for a pass over the
/// part when it grows or shrinks: less than a millisecond with a million rows.</remarks>
/// <typeparam name="TRow">The value, without references.</typeparam>
internal sealed class RowTable<TRow>
    where TRow : struct
{
    /// <summary>The number of parts, which are swept one after the other. A power of two.</summary>
    internal const int Parts = 128;

    private readonly RowTablePart<TRow>[] _parts = [.. Enumerable.Range(0, Parts).Select(static _ => new RowTablePart<TRow>())];
    private int _count;
    private bool _wasUsed;
    private int _nextToEvict;

    /// <summary>The number of rows.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Whether there has ever been a row.</summary>
    internal bool WasUsed => Volatile.Read(ref _wasUsed);

    internal bool TryFind(ShortCode code, out TRow row)
    {
        var hash = code.GetHashCode();
        if (Count > 0)
        {
            return PartOf(hash).TryFind(code, hash, out row);
        }

        row = default;
        return false;
    }

    /// <summary>Adds a row, or replaces the earlier one.</summary>
    /// <returns>Whether there was none.</returns>
    internal bool Set(ShortCode code, in TRow row)
    {
        var hash = code.GetHashCode();
        Volatile.Write(ref _wasUsed, true);
        var isNew = PartOf(hash).Set(code, hash, row);
        if (isNew)
        {
            Interlocked.Increment(ref _count);
        }

        return isNew;
    }

    /// <returns>Whether there was a row.</returns>
    internal bool Remove(ShortCode code)
    {
        var hash = code.GetHashCode();
        return Counted(PartOf(hash).Remove(code, hash) ? 1 : 0) > 0;
    }

    /// <summary>Removes one row, mostly one of those that were added first.</summary>
    /// <returns>False if there is none.</returns>
    internal bool TryRemoveOldest()
    {
        for (var attempts = 0; attempts < Parts; attempts++)
        {
            if (_parts[(uint)Interlocked.Increment(ref _nextToEvict) % Parts].TryRemoveNext())
            {
                return Counted(1) > 0;
            }
        }

        return false;
    }

    /// <summary>Looks at the next rows of a part, and removes those whose time is over.</summary>
    /// <param name="part">The part, from 0.</param>
    /// <param name="rows">How many places to look at.</param>
    /// <param name="state">What <paramref name="isOver"/> needs.</param>
    /// <param name="isOver">Whether a row is to be removed.</param>
    /// <param name="removed">The number of rows removed.</param>
    /// <returns>Whether the part has more rows to look at.</returns>
    internal bool Sweep<TState>(int part, int rows, TState state, RowPredicate<TRow, TState> isOver, out int removed)
    {
        var hasMore = _parts[part].Sweep(rows, state, isOver, out removed);
        Counted(removed);
        return hasMore;
    }

    private int Counted(int removed)
    {
        if (removed > 0)
        {
            Interlocked.Add(ref _count, -removed);
        }

        return removed;
    }

    private RowTablePart<TRow> PartOf(int hash) => _parts[hash & (Parts - 1)];
}

/// <summary>Tells whether a row is to be removed.</summary>
internal delegate bool RowPredicate<TRow, in TState>(in TRow row, TState state);
