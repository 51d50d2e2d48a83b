namespace Kameleoon.Hybrid;

/// <summary>A queue of events in order of arrival, stored in pooled blocks. Not safe for concurrent use.</summary>
internal sealed class EventLane(EventBlockPool pool)
{
    private EventBlock? _first;
    private EventBlock? _last;

    internal EventBlock? First => _first;

    internal EventBlock? Last => _last;

    /// <summary>The segment of the oldest event, or <see cref="long.MaxValue"/> when the lane is empty.</summary>
    internal long FirstSegment => _first?.Segment ?? long.MaxValue;

    /// <summary>Appends an event that arrives now.</summary>
    /// <param name="added">The event.</param>
    /// <param name="segment">The segment it belongs to.</param>
    /// <param name="clock">Read for the first event of a block only.</param>
    internal void Append(in TrackingEvent added, long segment, TimeProvider clock)
    {
        // Reading the clock costs as much as appending, so only the first event of a block does.
        var isOpen = _last is { IsFull: false } && _last.Segment == segment;
        (isOpen ? _last! : Open(clock.GetTimestamp(), segment)).Append(added);
    }

    /// <summary>Appends an event that arrived before all segments, to requeue it.</summary>
    internal void AppendEarlier(in TrackingEvent added, long arrival)
    {
        var isOpen = _last is { IsFull: false } && arrival - _last.Arrival <= pool.LongestSpan;
        (isOpen ? _last! : Open(arrival, segment: 0)).Append(added);
    }

    /// <summary>Removes the oldest event.</summary>
    internal bool TryDropOldest(out TrackingEvent dropped)
    {
        while (_first is { } block)
        {
            if (block.TryDequeue(out dropped))
            {
                return true;
            }

            _first = block.Next;
            _last = _first is null ? null : _last;
            pool.Return(block);
        }

        dropped = default;
        return false;
    }

    /// <summary>Removes and returns the blocks up to the end of a segment, or null when there are none.</summary>
    internal EventBlock? DequeueThrough(long segment)
    {
        EventBlock? end = null;
        for (var block = _first; block?.Segment <= segment; block = block.Next)
        {
            end = block;
        }

        if (end is null)
        {
            return null;
        }

        var taken = _first;
        (_first, end.Next) = (end.Next, null);
        _last = _first is null ? null : _last;
        return taken;
    }

    /// <summary>Moves all blocks in front of those of another lane.</summary>
    internal void MoveBefore(EventLane other)
    {
        if (_last is { } last)
        {
            last.Next = other._first;
            other._first = _first;
            other._last ??= last;
        }
    }

    private EventBlock Open(long arrival, long segment)
    {
        var block = pool.Rent(arrival, segment);
        _first ??= block;
        _ = _last?.Next = block;
        _last = block;
        return block;
    }
}
