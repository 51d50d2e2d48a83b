namespace Kameleoon.Hybrid;

/// <summary>Reuses blocks, up to the number that a busy interval needs. Safe for concurrent use.</summary>
internal sealed class EventBlockPool(TimeProvider clock)
{
    private const int MaxKept = 400;

    private readonly Lock _gate = new();
    private EventBlock? _free;
    private int _count;

    /// <summary><see cref="EventBlock.LongestSpan"/> in the unit of timestamps.</summary>
    internal long LongestSpan { get; } = clock.ToTimestamp(EventBlock.LongestSpan);

    internal EventBlock Rent(long arrival, long segment)
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
        block.Start(arrival, segment);
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
