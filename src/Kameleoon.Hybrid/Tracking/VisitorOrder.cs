namespace Kameleoon.Hybrid;

/// <summary>Computes an order of events that groups them by visitor and then by kind. The events stay where they are.
/// </summary>
/// <remarks>A hash table with one chain for each visitor. Its arrays are reused, so sorting does not allocate in steady state.
/// Not safe for concurrent use.</remarks>
internal sealed class VisitorOrder
{
    private int[] _table = [];
    private int[] _next = [];
    private int[] _last = [];
    private int[] _order = [];
    private long[] _keys = new long[16];

    /// <summary>What the duplicates take in the queue, in bytes.</summary>
    internal long DuplicateSize { get; private set; }

    /// <summary>The index of the event at a position of the order.</summary>
    internal int this[int place] => _order[place];

    /// <summary>Computes the order of events. Duplicates are left out.</summary>
    /// <returns>The number of positions.</returns>
    internal int Sort(ReadOnlySpan<TrackingEvent> events)
    {
        DuplicateSize = 0;
        Resize(events.Length);
        var mask = _table.Length - 1;
        for (var i = 0; i < events.Length; i++)
        {
            var code = events[i].Origin.VisitorCode;
            var place = code.GetHashCode(StringComparison.Ordinal) & mask;
            while (_table[place] - 1 is var head and >= 0
                && !string.Equals(events[head].Origin.VisitorCode, code, StringComparison.Ordinal))
            {
                place = (place + 1) & mask;
            }

            _next[i] = -1;
            if (_table[place] == 0)
            {
                _table[place] = i + 1;
                _last[i] = i;
            }
            else
            {
                var first = _table[place] - 1;
                _next[_last[first]] = i;
                _last[first] = i;
                _last[i] = -1;
            }
        }

        return Collect(events);
    }

    /// <summary>Sorts a range of positions by the arrival of their events.</summary>
    internal void SortByArrival(int start, int end) => _order.AsSpan(start, end - start).Sort();

    private int Collect(ReadOnlySpan<TrackingEvent> events)
    {
        var count = 0;
        for (var first = 0; first < events.Length; first++)
        {
            // Only the first event of a visitor holds the index of the last one.
            if (_last[first] < 0)
            {
                continue;
            }

            if (_next[first] < 0)
            {
                _order[count++] = first;
            }
            else
            {
                count = CollectVisitor(events, first, count);
            }
        }

        return count;
    }

    private int CollectVisitor(ReadOnlySpan<TrackingEvent> events, int first, int count)
    {
        var keys = 0;
        for (var i = first; i >= 0; i = _next[i])
        {
            if (keys == _keys.Length)
            {
                Array.Resize(ref _keys, 2 * keys);
            }

            // By kind, then by arrival.
            _keys[keys++] = ((long)events[i].Kind << 32) | (uint)i;
        }

        var sorted = _keys.AsSpan(0, keys);
        sorted.Sort();
        var start = count;
        foreach (var key in sorted)
        {
            ref readonly var next = ref events[(int)key];
            if (IsDuplicate(next, events, start, count))
            {
                DuplicateSize += next.Size;
            }
            else
            {
                _order[count++] = (int)key;
            }
        }

        return count;
    }

    private bool IsDuplicate(in TrackingEvent next, ReadOnlySpan<TrackingEvent> events, int start, int count)
    {
        if (next.Kind == TrackingEventKind.Activity)
        {
            return count > start;
        }

        // A real visitor has few exposures. A limit keeps a visitor with thousands of them from costing quadratic time.
        const int MaxCompared = 64;
        for (var i = count - 1; i >= Math.Max(start, count - MaxCompared); i--)
        {
            if (next.Repeats(events[_order[i]]))
            {
                return true;
            }
        }

        return false;
    }

    private void Resize(int count)
    {
        if (_next.Length < count)
        {
            var size = Math.Max(count, 2 * _next.Length);
            (_next, _last, _order) = (new int[size], new int[size], new int[size]);
        }

        var tableSize = 16;
        while (tableSize < 2 * count)
        {
            tableSize *= 2;
        }

        if (_table.Length < tableSize || _table.Length > 16 * tableSize)
        {
            _table = new int[tableSize];
        }
        else
        {
            Array.Clear(_table);
        }
    }
}
