namespace Kameleoon.Hybrid;

// How events get room in the queue, and give it back.
internal sealed partial class TrackingQueue
{
    /// <summary>Adds an event, or drops events when there is no room. Never blocks on I/O.</summary>
    internal void Add(in TrackingEvent added)
    {
        var size = added.Size;
        lock (_gate)
        {
            Append(added, size);
        }
    }

    /// <summary>Adds the exposures of one call as <see cref="Add"/> adds each of them, under one lock.</summary>
    internal void AddAll(in EventOrigin origin, ReadOnlySpan<Exposure> exposures)
    {
        // Exposures of one visitor have the same size.
        var size = TrackingEvent.Exposure(origin, default).Size;
        lock (_gate)
        {
            foreach (ref readonly var exposure in exposures)
            {
                Append(TrackingEvent.Exposure(origin, exposure), size);
            }
        }
    }

    /// <summary>Frees the room of dequeued events that are sent, stored or dropped.</summary>
    internal void Release(int count, long bytes)
    {
        lock (_gate)
        {
            _count -= count;
            _bytes -= bytes;
        }
    }

    /// <summary>Returns how many events were dropped for want of room since the last call.</summary>
    internal int ResetOverflowed()
    {
        lock (_gate)
        {
            (var overflowed, _overflowed) = (_overflowed, 0);
            return overflowed;
        }
    }

    private void Append(in TrackingEvent added, int size)
    {
        _queued++;
        if (_onLate is not null)
        {
            _onLate();
        }
        else if (HasRoomFor(size, added.IsConversion))
        {
            if (_queued - _segmentStart > SegmentLength)
            {
                EndSegment();
            }

            _lanes.Of(added).Append(added, _segment, _clock);
            _count++;
            _bytes += size;
        }
        else
        {
            _overflowed++;
            _onLost?.Invoke(added);
        }
    }

    private bool HasRoomFor(int size, bool isConversion)
    {
        // An event that can never fit must not displace others.
        if (size > _maxBytes)
        {
            return false;
        }

        while (_count >= _maxCount || _bytes + size > _maxBytes)
        {
            if (!_lanes.TryDropOldest(isConversion, out var dropped))
            {
                return false;
            }

            _onLost?.Invoke(dropped);
            _overflowed++;
            _count--;
            _bytes -= dropped.Size;
        }

        return true;
    }
}
