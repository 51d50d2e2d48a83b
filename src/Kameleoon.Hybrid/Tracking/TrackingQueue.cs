using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The bounded queue of events. Adding never blocks; events without room are dropped and counted.</summary>
/// <remarks>The limits of events and bytes include events that are being sent. Without room, the oldest event that is not a
/// conversion is dropped, then the oldest conversion: the next page repeats an exposure, and nothing repeats a purchase.
/// Safe for concurrent use; only one caller may dequeue.</remarks>
internal sealed partial class TrackingQueue
{
    // Events are dequeued by segments. Short segments leave more events that can still be dropped for a conversion.
    private const int SegmentLength = 4096;

    private readonly Lock _gate = new();
    private readonly EventBlockPool _pool;
    private readonly EventLanes _lanes;
    private readonly TimeProvider _clock;
    private readonly int _maxCount;
    private readonly long _maxBytes;
    private readonly Action<TrackingEvent>? _onLost;
    private int _count;
    private long _bytes;
    private long _queued;
    private long _segment = 1;
    private long _segmentStart;
    private int _overflowed;
    private Action? _onLate;

    /// <param name="options">The limits.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="metrics">Observes the length of the queue.</param>
    /// <param name="onLost">Called for each event that is dropped or expires, in part under the queue's lock, so it must
    /// neither block nor add events.</param>
    public TrackingQueue(
        IOptions<KameleoonOptions> options,
        TimeProvider clock,
        KameleoonMetrics metrics,
        Action<TrackingEvent>? onLost = null)
    {
        (_clock, _onLost) = (clock, onLost);
        _maxCount = options.Value.Tracking.MaxQueuedEvents;
        _maxBytes = options.Value.Tracking.MaxQueuedBytes;
        _pool = new EventBlockPool(clock);
        _lanes = new EventLanes(_pool);
        metrics.ObserveQueue(options.Value.SiteCode, () => Queued, () => Count);
    }

    /// <summary>How many events are in memory, those that are being sent included.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>How many events were added since the start, dropped ones included.</summary>
    internal long Queued => Volatile.Read(ref _queued);

    /// <summary>When the oldest waiting event arrived, or null when the queue is empty.</summary>
    internal long? OldestArrival
    {
        get
        {
            lock (_gate)
            {
                return _lanes.OldestArrival;
            }
        }
    }

    /// <summary>Closes blocks that are open for a minute, because the age of a block counts from its first event.</summary>
    internal void CloseOldBlocks()
    {
        var oldest = _clock.GetTimestamp(-EventBlock.LongestSpan);
        lock (_gate)
        {
            if (_lanes.HasLastBlockBefore(oldest))
            {
                EndSegment();
            }
        }
    }

    /// <summary>Separates the events that are here from those that arrive later.</summary>
    /// <returns>The segment in which later events begin.</returns>
    internal long StartSegment()
    {
        lock (_gate)
        {
            EndSegment();
            return _segment;
        }
    }

    /// <summary>Dequeues the oldest events. They keep their room until they are released or requeued.</summary>
    /// <param name="taken">Receives the events, in whole segments.</param>
    /// <param name="notBefore">Events that arrived earlier are expired: they are left out and released.</param>
    /// <param name="end">The first segment that stays.</param>
    /// <param name="enough">The number of events after which no further segment is dequeued.</param>
    /// <returns>The number of expired events.</returns>
    internal int Dequeue(
        EventBuffer taken, long notBefore, long end = long.MaxValue, int enough = int.MaxValue)
    {
        var expired = 0;
        while (taken.Count < enough)
        {
            (EventBlock? Others, EventBlock? Conversions) blocks;
            lock (_gate)
            {
                var segment = _lanes.FirstSegment;
                if (segment >= end)
                {
                    break;
                }

                blocks = _lanes.DequeueThrough(segment);
            }

            expired += Move(blocks.Others, taken, notBefore) + Move(blocks.Conversions, taken, notBefore);
        }

        return expired;
    }

    /// <summary>Returns whether all events of the segments before a segment are dequeued.</summary>
    internal bool IsEmptyBefore(long segment)
    {
        lock (_gate)
        {
            return _lanes.FirstSegment >= segment;
        }
    }

    /// <summary>Closes the queue, because the application stops.</summary>
    /// <param name="onLate">Called for each event that is added later, under the queue's lock.</param>
    internal void Close(Action onLate)
    {
        lock (_gate)
        {
            _onLate = onLate;
        }
    }

    /// <summary>Puts dequeued events that no batch contains in front of all others.</summary>
    internal void Requeue(EventBuffer taken)
    {
        taken.SortRestByArrival();
        var requeued = EventLanes.Of(taken, _pool);
        lock (_gate)
        {
            requeued.MoveBefore(_lanes);
        }
    }

    private void EndSegment() => (_segment, _segmentStart) = (_segment + 1, _queued);

    private int Move(EventBlock? block, EventBuffer taken, long notBefore)
    {
        var expired = 0;
        while (block is not null)
        {
            if (block.Arrival >= notBefore)
            {
                taken.Append(block);
            }
            else
            {
                expired += block.Events.Length;
                block.ForEach(_onLost);
                Release(block.Events.Length, block.Size);
            }

            var next = block.Next;
            _pool.Return(block);
            block = next;
        }

        return expired;
    }
}
