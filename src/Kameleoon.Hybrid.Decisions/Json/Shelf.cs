namespace Kameleoon.Hybrid.Decisions;

/// <summary>Keeps many short runs of values in a few large arrays, which garbage collections do not move.</summary>
/// <param name="capacity">The length of an array; a longer run gets one of its own.</param>
internal sealed class Shelf<T>(int capacity)
{
    private T[] _array = [];
    private int _used;

    internal ReadOnlyMemory<T> Keep(ReadOnlySpan<T> values)
    {
        if (values.Length > _array.Length - _used)
        {
            _array = GC.AllocateUninitializedArray<T>(Math.Max(values.Length, capacity));
            _used = 0;
        }

        var kept = _array.AsMemory(_used, values.Length);
        values.CopyTo(kept.Span);
        _used += values.Length;
        return kept;
    }
}
