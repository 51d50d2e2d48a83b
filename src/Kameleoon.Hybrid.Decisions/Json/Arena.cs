namespace Kameleoon.Hybrid.Decisions;

/// <summary>Copies many short sequences into a few large arrays, which the garbage collector does not move.</summary>
/// <param name="capacity">The length of an array; a longer sequence gets its own array.</param>
internal sealed class Arena<T>(int capacity)
{
    private T[] _array = [];
    private int _used;

    internal ReadOnlyMemory<T> Copy(ReadOnlySpan<T> values)
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
