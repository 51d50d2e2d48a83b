namespace Kameleoon.Hybrid;

/// <summary>A fixed number of events of a lane, with the arrival time of the first. Not safe for concurrent use.</summary>
internal sealed class EventBlock
{
    /// <summary>The longest time between the first and the last event of a block, whose age counts from the first.
    /// </summary>
    internal static readonly TimeSpan LongestSpan = TimeSpan.FromMinutes(1);

    private const int Capacity = 256;

    private readonly TrackingEvent[] _events = new TrackingEvent[Capacity];
    private int _start;
    private int _end;

    internal EventBlock? Next { get; set; }

    /// <summary>The timestamp of the arrival of the first event. Wall clocks are set, and events must not expire by that.
    /// </summary>
    internal long Arrival { get; private set; }

    /// <summary>The segment its events belong to. Segments are dequeued one after the other.</summary>
    internal long Segment { get; private set; }

    internal bool IsFull => _end == Capacity;

    internal ReadOnlySpan<TrackingEvent> Events => _events.AsSpan(_start, _end - _start);

    internal long Size
    {
        get
        {
            var size = 0L;
            foreach (ref readonly var one in Events)
            {
                size += one.Size;
            }

            return size;
        }
    }

    internal void Start(long arrival, long segment) =>
        (Arrival, Segment, _start, _end, Next) = (arrival, segment, 0, 0, null);

    internal void Append(in TrackingEvent added) => _events[_end++] = added;

    internal bool TryDequeue(out TrackingEvent taken)
    {
        if (_start == _end)
        {
            taken = default;
            return false;
        }

        taken = _events[_start];
        _events[_start++] = default;
        return true;
    }

    /// <summary>Calls an action for each event, if there is one.</summary>
    internal void ForEach(Action<TrackingEvent>? action)
    {
        foreach (ref readonly var one in Events)
        {
            action?.Invoke(one);
        }
    }

    internal void Clear() => _events.AsSpan(0, _end).Clear();
}
