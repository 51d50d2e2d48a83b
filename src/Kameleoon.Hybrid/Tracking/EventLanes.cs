namespace Kameleoon.Hybrid;

/// <summary>The waiting events in two lanes: conversions, and all others. Not safe for concurrent use.</summary>
internal sealed class EventLanes(EventBlockPool pool)
{
    private readonly EventLane _conversions = new(pool);
    private readonly EventLane _others = new(pool);

    /// <summary>When the oldest event arrived, or null when there is none.</summary>
    internal long? OldestArrival
    {
        get
        {
            var (conversion, other) = (_conversions.First?.Arrival, _others.First?.Arrival);
            return conversion is null || other < conversion ? other : conversion;
        }
    }

    /// <summary>The segment of the oldest event, or <see cref="long.MaxValue"/> when there is none.</summary>
    internal long FirstSegment => Math.Min(_others.FirstSegment, _conversions.FirstSegment);

    /// <summary>Returns lanes with the events of a buffer that no batch contains.</summary>
    internal static EventLanes Of(EventBuffer taken, EventBlockPool pool)
    {
        var lanes = new EventLanes(pool);
        for (var place = taken.Next; place < taken.Count; place++)
        {
            ref readonly var rest = ref taken[place];
            lanes.Of(rest).AppendEarlier(rest, taken.ArrivalOf(place));
        }

        return lanes;
    }

    /// <summary>Returns the lane of an event.</summary>
    internal EventLane Of(in TrackingEvent one) => one.IsConversion ? _conversions : _others;

    /// <summary>Returns whether a block to which events are appended is older than a time.</summary>
    internal bool HasLastBlockBefore(long time) =>
        _conversions.Last?.Arrival < time || _others.Last?.Arrival < time;

    /// <summary>Removes the oldest event that is not a conversion, or the oldest conversion.</summary>
    /// <param name="forConversion">Whether a conversion may be removed.</param>
    /// <param name="dropped">The removed event.</param>
    internal bool TryDropOldest(bool forConversion, out TrackingEvent dropped) =>
        _others.TryDropOldest(out dropped) || (forConversion && _conversions.TryDropOldest(out dropped));

    /// <summary>Removes and returns the blocks up to the end of a segment, each null when there are none.</summary>
    internal (EventBlock? Others, EventBlock? Conversions) DequeueThrough(long segment) =>
        (_others.DequeueThrough(segment), _conversions.DequeueThrough(segment));

    /// <summary>Moves all events in front of those of other lanes.</summary>
    internal void MoveBefore(EventLanes others)
    {
        _others.MoveBefore(others._others);
        _conversions.MoveBefore(others._conversions);
    }
}
