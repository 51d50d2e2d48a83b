namespace Kameleoon.Hybrid;

/// <summary>Events in the order of their arrival, in blocks that are used again. Not safe for concurrent use.</summary>
internal sealed class EventLane(EventBlockPool pool)
{
    private EventBlock? _first;
    private EventBlock? _last;

    internal EventBlock? First => _first;

    internal EventBlock? Last => _last;

    /// <summary>The stretch of the oldest event; greater than all when there is none.</summary>
    internal long FirstStretch => _first?.Stretch ?? long.MaxValue;

    /// <summary>Appends an event that comes now.</summary>
    internal void Append(in TrackingEvent added, long stretch, TimeProvider clock)
    {
        // Only the first event of a block asks the clock, which costs as much as all the rest.
        var isOpen = _last is { IsFull: false } && _last.Stretch == stretch;
        (isOpen ? _last! : Open(clock.GetUtcNow(), stretch)).Append(added);
    }

    /// <summary>Appends an event that came before those of all stretches.</summary>
    internal void AppendEarlier(in TrackingEvent added, DateTimeOffset since)
    {
        var isOpen = _last is { IsFull: false } && since - _last.Since <= EventBlock.LongestSpan;
        (isOpen ? _last! : Open(since, stretch: 0)).Append(added);
    }

    internal bool TryDropOldest(out TrackingEvent dropped)
    {
        while (_first is { } block)
        {
            if (block.TryTake(out dropped))
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

    /// <summary>Takes out everything up to the end of a stretch.</summary>
    internal EventBlock? TakeThrough(long stretch)
    {
        EventBlock? end = null;
        for (var block = _first; block?.Stretch <= stretch; block = block.Next)
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

    private EventBlock Open(DateTimeOffset since, long stretch)
    {
        var block = pool.Take(since, stretch);
        _first ??= block;
        _ = _last?.Next = block;
        _last = block;
        return block;
    }

    /// <summary>Puts everything before what another lane has.</summary>
    internal void MoveBefore(EventLane other)
    {
        if (_last is { } last)
        {
            last.Next = other._first;
            other._first = _first;
            other._last ??= last;
        }
    }
}

/// <summary>Some events of a lane.</summary>
internal sealed class EventBlock
{
    /// <summary>How much later than a block's first event its last one may come: the first one's age stands for all of
    /// them.</summary>
    internal static readonly TimeSpan LongestSpan = TimeSpan.FromMinutes(1);

    private const int Capacity = 256;

    private readonly TrackingEvent[] _events = new TrackingEvent[Capacity];
    private int _start;
    private int _end;

    internal EventBlock? Next { get; set; }

    /// <summary>When its first event came.</summary>
    internal DateTimeOffset Since { get; private set; }

    /// <summary>Which of the parts its events belong to in which they are taken.</summary>
    internal long Stretch { get; private set; }

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

    internal void Start(DateTimeOffset since, long stretch) =>
        (Since, Stretch, _start, _end, Next) = (since, stretch, 0, 0, null);

    internal void Append(in TrackingEvent added) => _events[_end++] = added;

    internal bool TryTake(out TrackingEvent taken)
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

    internal void Clear() => _events.AsSpan(0, _end).Clear();
}

/// <summary>Blocks that wait to be used again, up to as many as a busy interval needs.</summary>
internal sealed class EventBlockPool
{
    private const int MaxKept = 400;

    private readonly Lock _gate = new();
    private EventBlock? _free;
    private int _count;

    internal EventBlock Take(DateTimeOffset since, long stretch)
    {
        EventBlock? block;
        lock (_gate)
        {
            block = _free;
            if (block is not null)
            {
                _free = block.Next;
                _count--;
            }
        }

        block ??= new EventBlock();
        block.Start(since, stretch);
        return block;
    }

    internal void Return(EventBlock block)
    {
        block.Clear();
        lock (_gate)
        {
            if (_count < MaxKept)
            {
                block.Next = _free;
                _free = block;
                _count++;
            }
        }
    }
}
