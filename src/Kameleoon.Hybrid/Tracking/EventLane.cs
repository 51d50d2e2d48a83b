namespace Kameleoon.Hybrid;

/// <summary>Events in the order of their arrival, in blocks that are used again. Not safe for concurrent use.</summary>
internal sealed class EventLane(EventBlockPool pool)
{
    private EventBlock? _first;
    private EventBlock? _last;

    internal EventBlock? First => _first;

    /// <summary>Appends an event that comes now. Only the first of a block asks the clock: it costs as much as the rest.
    /// </summary>
    internal void Append(in TrackingEvent added, TimeProvider clock)
    {
        var block = _last is { IsFull: false } last ? last : Open(clock.GetUtcNow());
        block.Append(added);
    }

    /// <summary>Appends an event that came earlier.</summary>
    internal void Append(in TrackingEvent added, DateTimeOffset since)
    {
        var isNear = _last is { IsFull: false } last && since - last.Since <= EventBlock.LongestSpan;
        (isNear ? _last! : Open(since)).Append(added);
    }

    /// <summary>What comes from now on does not share the block of what came before a point in time.</summary>
    internal void CloseOld(DateTimeOffset before)
    {
        if (_last?.Since < before)
        {
            _last.Close();
        }
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

    /// <summary>Takes out everything at once.</summary>
    internal EventBlock? TakeAll()
    {
        var all = _first;
        (_first, _last) = (null, null);
        return all;
    }

    private EventBlock Open(DateTimeOffset since)
    {
        var block = pool.Take(since);
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

/// <summary>A stretch of a lane.</summary>
internal sealed class EventBlock
{
    /// <summary>How much later than a block's first event its last one may come: the first one's age stands for all of
    /// them.</summary>
    internal static readonly TimeSpan LongestSpan = TimeSpan.FromMinutes(1);

    private const int Capacity = 256;

    private readonly TrackingEvent[] _events = new TrackingEvent[Capacity];
    private int _start;
    private int _end;
    private int _limit;

    internal EventBlock? Next { get; set; }

    /// <summary>When its first event came.</summary>
    internal DateTimeOffset Since { get; private set; }

    internal bool IsFull => _end == _limit;

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

    internal void Start(DateTimeOffset since) => (Since, _start, _end, _limit, Next) = (since, 0, 0, Capacity, null);

    /// <summary>Takes no more.</summary>
    internal void Close() => _limit = _end;

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

    internal EventBlock Take(DateTimeOffset since)
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
        block.Start(since);
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
