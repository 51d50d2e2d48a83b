using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Where requests leave events: writing never waits, and what does not fit is counted.</summary>
/// <remarks>
/// Bounded in events and bytes, those included that are being sent. When there is no room the oldest event that is no
/// conversion goes, then the oldest conversion: an exposure comes again with the next page, a purchase does not.
/// </remarks>
internal sealed class TrackingQueue
{
    // How many events a stretch has: as they are taken by stretches, few enough for the rest to stay within reach.
    private const int StretchLength = 4096;

    private readonly Lock _gate = new();
    private readonly EventBlockPool _pool = new();
    private readonly EventLane _conversions;
    private readonly EventLane _others;
    private readonly TimeProvider _clock;
    private readonly int _maxCount;
    private readonly long _maxBytes;
    private int _count;
    private long _bytes;
    private long _queued;
    private long _stretch = 1;
    private long _stretchStart;
    private int _overflowed;
    private Action? _isLate;

    public TrackingQueue(IOptions<KameleoonOptions> options, TimeProvider clock, KameleoonMetrics metrics)
    {
        _maxCount = options.Value.Tracking.MaxQueuedEvents;
        _maxBytes = options.Value.Tracking.MaxQueuedBytes;
        _clock = clock;
        _conversions = new EventLane(_pool);
        _others = new EventLane(_pool);
        metrics.ObserveQueue(options.Value.SiteCode, () => Queued, () => Count);
    }

    /// <summary>Whoever has to know of an event that is dropped; called under the queue's lock or by the sender, so it must neither wait nor add events.</summary>
    internal Action<TrackingEvent>? Lost { get; set; }

    /// <summary>How many events are in memory, those that are being sent included.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>How many events came since the start.</summary>
    internal long Queued => Volatile.Read(ref _queued);

    /// <summary>When the oldest event came that waits to be sent, or null when none does.</summary>
    internal DateTimeOffset? OldestSince
    {
        get
        {
            lock (_gate)
            {
                var (conversion, other) = (_conversions.First?.Since, _others.First?.Since);
                return conversion is null || other < conversion ? other : conversion;
            }
        }
    }

    internal void Add(in TrackingEvent added)
    {
        var size = added.Size;
        lock (_gate)
        {
            _queued++;
            if (_isLate is not null)
            {
                _isLate();
            }
            else if (HasRoomFor(size, added.IsConversion))
            {
                if (_queued - _stretchStart > StretchLength)
                {
                    EndStretch();
                }

                (added.IsConversion ? _conversions : _others).Append(added, _stretch, _clock);
                _count++;
                _bytes += size;
            }
            else
            {
                _overflowed++;
                Lost?.Invoke(added);
            }
        }
    }

    /// <summary>Lets no block stay open for long: the age of its first event stands for all that come into it.</summary>
    internal void CloseOld()
    {
        var oldest = _clock.GetUtcNow() - EventBlock.LongestSpan;
        lock (_gate)
        {
            if (_conversions.Last?.Since < oldest || _others.Last?.Since < oldest)
            {
                EndStretch();
            }
        }
    }

    /// <summary>Parts what is here from what comes from now on.</summary>
    /// <returns>Where the latter begins.</returns>
    internal long Cut()
    {
        lock (_gate)
        {
            EndStretch();
            return _stretch;
        }
    }

    /// <summary>Takes out the oldest events; they count as being here until they are settled or given back.</summary>
    /// <param name="taken">Gets the events. Whatever came before an event that is taken is taken too.</param>
    /// <param name="notBefore">What waits longer than since then is left out.</param>
    /// <param name="end">What comes after this cut stays.</param>
    /// <param name="enough">How many events are enough; a few thousand more may come.</param>
    /// <returns>How many events are left out because they waited too long; they are settled.</returns>
    internal int Take(
        EventBuffer taken, DateTimeOffset notBefore, long end = long.MaxValue, int enough = int.MaxValue)
    {
        var expired = 0;
        while (taken.Count < enough)
        {
            EventBlock? others, conversions;
            lock (_gate)
            {
                var stretch = Math.Min(_others.FirstStretch, _conversions.FirstStretch);
                if (stretch >= end)
                {
                    break;
                }

                (others, conversions) = (_others.TakeThrough(stretch), _conversions.TakeThrough(stretch));
            }

            expired += Move(others, taken, notBefore) + Move(conversions, taken, notBefore);
        }

        return expired;
    }

    /// <summary>Nobody empties the queue any more.</summary>
    /// <param name="isLate">Called for each event that comes all the same.</param>
    internal void Close(Action isLate)
    {
        lock (_gate)
        {
            _isLate = isLate;
        }
    }

    /// <summary>Puts events that were taken before all others.</summary>
    internal void GiveBack(EventBuffer taken)
    {
        taken.SortRestByArrival();
        var (others, conversions) = (new EventLane(_pool), new EventLane(_pool));
        for (var place = taken.Next; place < taken.Count; place++)
        {
            ref readonly var rest = ref taken[place];
            (rest.IsConversion ? conversions : others).AppendEarlier(rest, taken.SinceOf(place));
        }

        lock (_gate)
        {
            others.MoveBefore(_others);
            conversions.MoveBefore(_conversions);
        }
    }

    /// <summary>Forgets events that were taken and are sent, stored or lost.</summary>
    internal void Settle(int count, long bytes)
    {
        lock (_gate)
        {
            _count -= count;
            _bytes -= bytes;
        }
    }

    /// <summary>How many events found no place since the last call.</summary>
    internal int TakeOverflowed()
    {
        lock (_gate)
        {
            (var overflowed, _overflowed) = (_overflowed, 0);
            return overflowed;
        }
    }

    private void EndStretch() => (_stretch, _stretchStart) = (_stretch + 1, _queued);

    private bool HasRoomFor(int size, bool isConversion)
    {
        // What could never find room drives nothing out.
        if (size > _maxBytes)
        {
            return false;
        }

        while (_count >= _maxCount || _bytes + size > _maxBytes)
        {
            if (!TryDropOldest(isConversion))
            {
                return false;
            }

            _overflowed++;
        }

        return true;
    }

    private int Move(EventBlock? block, EventBuffer taken, DateTimeOffset notBefore)
    {
        var expired = 0;
        while (block is not null)
        {
            if (block.Since >= notBefore)
            {
                taken.Append(block);
            }
            else
            {
                expired += block.Events.Length;
                foreach (ref readonly var old in block.Events)
                {
                    Lost?.Invoke(old);
                }

                Settle(block.Events.Length, block.Size);
            }

            var next = block.Next;
            _pool.Return(block);
            block = next;
        }

        return expired;
    }

    private bool TryDropOldest(bool forConversion)
    {
        if (!_others.TryDropOldest(out var dropped)
            && !(forConversion && _conversions.TryDropOldest(out dropped)))
        {
            return false;
        }

        Lost?.Invoke(dropped);
        _count--;
        _bytes -= dropped.Size;
        return true;
    }
}
