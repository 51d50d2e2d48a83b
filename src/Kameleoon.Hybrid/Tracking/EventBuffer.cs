using System.Buffers;

namespace Kameleoon.Hybrid;

/// <summary>Events on their way into bodies, visitor by visitor. Used by one sender.</summary>
internal sealed class EventBuffer : IDisposable
{
    private const int FirstSize = 256;

    private readonly VisitorOrder _order = new();
    private readonly List<(int End, DateTimeOffset Since)> _blocks = [];
    private TrackingEvent[] _events = ArrayPool<TrackingEvent>.Shared.Rent(FirstSize);

    /// <summary>How many events there are.</summary>
    internal int Count { get; private set; }

    /// <summary>The place of the first event that is not in a body yet.</summary>
    internal int Next { get; set; }

    /// <summary>When the first of the events came.</summary>
    internal DateTimeOffset OldestSince => _blocks.Min(static block => block.Since);

    /// <summary>How many events were left out by <see cref="Sort"/>, because others say the same.</summary>
    internal int Repeated { get; private set; }

    /// <summary>The size of those.</summary>
    internal long RepeatedSize { get; private set; }

    /// <summary>The event at a place in the order of lines.</summary>
    internal ref readonly TrackingEvent this[int place] => ref _events[_order[place]];

    public void Dispose() => ArrayPool<TrackingEvent>.Shared.Return(_events, clearArray: true);

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
        _blocks.Add((Count, block.Since));
    }

    /// <summary>Brings the events into the order of lines: visitor by visitor, and of each what the platform wants first.
    /// </summary>
    internal void Sort()
    {
        var all = Count;
        Count = _order.Sort(_events.AsSpan(0, all));
        Repeated = all - Count;
        RepeatedSize = _order.LeftOutSize;
    }

    /// <summary>Brings what is in no body yet back into the order of arrival.</summary>
    internal void SortRestByArrival() => _order.SortByArrival(Next, Count);

    /// <summary>When the event at a place in the order of lines came.</summary>
    internal DateTimeOffset SinceOf(int place)
    {
        var (arrival, low, high) = (_order[place], 0, _blocks.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = arrival < _blocks[middle].End ? (low, middle) : (middle + 1, high);
        }

        return _blocks[low].Since;
    }

    /// <summary>Forgets everything.</summary>
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
