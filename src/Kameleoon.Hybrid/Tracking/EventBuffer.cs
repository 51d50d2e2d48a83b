using System.Buffers;

namespace Kameleoon.Hybrid;

/// <summary>Holds dequeued events while they are written into batches. Not safe for concurrent use.</summary>
internal sealed class EventBuffer : IDisposable
{
    private const int FirstSize = 256;

    private readonly VisitorOrder _order = new();
    private readonly List<(int End, long Arrival)> _blocks = [];
    private TrackingEvent[] _events = ArrayPool<TrackingEvent>.Shared.Rent(FirstSize);

    /// <summary>How many events the buffer holds, without duplicates once it is sorted.</summary>
    internal int Count { get; private set; }

    /// <summary>The position of the first event that no batch contains yet.</summary>
    internal int Next { get; set; }

    /// <summary>When the oldest of the events was queued.</summary>
    internal long OldestArrival => _blocks.Min(static block => block.Arrival);

    /// <summary>How many duplicates <see cref="Sort"/> left out.</summary>
    internal int DuplicateCount { get; private set; }

    /// <summary>What these duplicates take in the queue, in bytes.</summary>
    internal long DuplicateSize { get; private set; }

    /// <summary>The event at a position in the order of lines.</summary>
    internal ref readonly TrackingEvent this[int place] => ref _events[_order[place]];

    public void Dispose() => ArrayPool<TrackingEvent>.Shared.Return(_events, clearArray: true);

    /// <summary>Appends the events of a block. Larger numbers of events grow the buffer.</summary>
    internal void Append(EventBlock block)
    {
        var added = block.Events;
        if (_events.Length - Count < added.Length)
        {
            var larger = ArrayPool<TrackingEvent>.Shared.Rent(2 * _events.Length);
            _events.AsSpan(0, Count).CopyTo(larger);
            Dispose();
            _events = larger;
        }

        added.CopyTo(_events.AsSpan(Count));
        Count += added.Length;
        _blocks.Add((Count, block.Arrival));
    }

    /// <summary>Sorts the events into the order of lines: grouped by visitor, then by kind, as the platform requires.
    /// </summary>
    internal void Sort()
    {
        var all = Count;
        Count = _order.Sort(_events.AsSpan(0, all));
        DuplicateCount = all - Count;
        DuplicateSize = _order.DuplicateSize;
    }

    /// <summary>Sorts the events that no batch contains back into the order of arrival.</summary>
    internal void SortRestByArrival() => _order.SortByArrival(Next, Count);

    /// <summary>Returns when the event at a position in the order of lines was queued.</summary>
    internal long ArrivalOf(int place)
    {
        var (arrival, low, high) = (_order[place], 0, _blocks.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = arrival < _blocks[middle].End ? (low, middle) : (middle + 1, high);
        }

        return _blocks[low].Arrival;
    }

    /// <summary>Removes all events.</summary>
    internal void Clear()
    {
        if (_events.Length > FirstSize)
        {
            Dispose();
            _events = ArrayPool<TrackingEvent>.Shared.Rent(FirstSize);
        }
        else
        {
            _events.AsSpan().Clear();
        }

        _blocks.Clear();
        (Count, Next) = (0, 0);
    }
}
