using System.Numerics;

namespace Kameleoon.Hybrid;

/// <summary>One part of a <see cref="RowTable{TRow}"/>: a hash table of chained places in blocks, so that growing copies no
/// row.</summary>
internal sealed class RowTablePart<TRow>
    where TRow : struct
{
    private const int BlockBits = 6;
    private const int BlockSize = 1 << BlockBits;
    private const int None = -1;

    // The next free place is stored as this less its number, which is below None.
    private const int FirstFree = -3;

    private readonly Lock _gate = new();
    private List<Place[]> _blocks = [];
    private int[] _buckets = [];
    private int _used;
    private int _count;
    private int _free = None;
    private int _nextToSweep;
    private int _nextToEvict;

    internal bool TryFind(ShortCode code, int hash, out TRow row)
    {
        lock (_gate)
        {
            var place = PlaceOf(code, hash);
            row = place == None ? default : At(place).Row;
            return place != None;
        }
    }

    internal bool Set(ShortCode code, int hash, in TRow row)
    {
        lock (_gate)
        {
            var place = PlaceOf(code, hash);
            if (place != None)
            {
                At(place).Row = row;
                return false;
            }

            if (_count == _buckets.Length)
            {
                Grow();
            }

            Add(code, hash, row);
            return true;
        }
    }

    internal bool Remove(ShortCode code, int hash)
    {
        lock (_gate)
        {
            return _count > 0 && RemoveFrom(ref _buckets[BucketOf(hash)], code);
        }
    }

    /// <summary>Removes the next row, place after place.</summary>
    internal bool TryRemoveNext()
    {
        lock (_gate)
        {
            for (var looked = 0; _count > 0 && looked <= _used; looked++)
            {
                _nextToEvict = _nextToEvict < _used ? _nextToEvict : 0;
                ref var place = ref At(_nextToEvict++);
                if (place.IsTaken)
                {
                    return RemoveFrom(ref _buckets[BucketOf(place.Code.GetHashCode())], place.Code);
                }
            }

            return false;
        }
    }

    /// <inheritdoc cref="RowTable{TRow}.Sweep"/>
    internal bool Sweep<TState>(int rows, TState state, RowPredicate<TRow, TState> isOver, out int removed)
    {
        removed = 0;
        lock (_gate)
        {
            for (var end = Math.Min(_used, _nextToSweep + rows); _nextToSweep < end; _nextToSweep++)
            {
                ref var place = ref At(_nextToSweep);
                if (place.IsTaken && isOver(place.Row, state))
                {
                    RemoveFrom(ref _buckets[BucketOf(place.Code.GetHashCode())], place.Code);
                    removed++;
                }
            }

            if (_nextToSweep < _used)
            {
                return true;
            }

            _nextToSweep = 0;
            ShrinkIfSparse();
            return false;
        }
    }

    private int PlaceOf(ShortCode code, int hash)
    {
        var place = _count == 0 ? None : _buckets[BucketOf(hash)] - 1;
        while (place != None && At(place).Code != code)
        {
            place = At(place).Next;
        }

        return place;
    }

    private void Add(ShortCode code, int hash, in TRow row)
    {
        var place = _free;
        if (place != None)
        {
            _free = FirstFree - At(place).Next;
        }
        else
        {
            place = _used++;
            if (place >> BlockBits == _blocks.Count)
            {
                _blocks.Add(GC.AllocateArray<Place>(BlockSize, pinned: true));
            }
        }

        ref var bucket = ref _buckets[BucketOf(hash)];
        At(place) = new Place { Code = code, Next = bucket - 1, Row = row };
        bucket = place + 1;
        _count++;
    }

    private bool RemoveFrom(ref int bucket, ShortCode code)
    {
        var (place, before) = (bucket - 1, None);
        while (place != None && At(place).Code != code)
        {
            (before, place) = (place, At(place).Next);
        }

        if (place == None)
        {
            return false;
        }

        var next = At(place).Next;
        if (before == None)
        {
            bucket = next + 1;
        }
        else
        {
            At(before).Next = next;
        }

        // What is forgotten of a visitor does not stay in memory.
        At(place) = new Place { Next = FirstFree - _free };
        _free = place;
        _count--;
        return true;
    }

    private void Grow()
    {
        _buckets = new int[Math.Max(16, 2 * _buckets.Length)];
        for (var place = 0; place < _used; place++)
        {
            ref var moved = ref At(place);
            if (moved.IsTaken)
            {
                ref var bucket = ref _buckets[BucketOf(moved.Code.GetHashCode())];
                (moved.Next, bucket) = (bucket - 1, place + 1);
            }
        }
    }

    // Many sessions may be over at once.
    private void ShrinkIfSparse()
    {
        if (_used <= BlockSize || _count > _used / 2)
        {
            return;
        }

        var (blocks, used) = (_blocks, _used);
        (_blocks, _used, _count, _free, _nextToEvict) = ([], 0, 0, None, 0);
        _buckets = [];
        for (var place = 0; place < used; place++)
        {
            ref readonly var kept = ref blocks[place >> BlockBits][place & (BlockSize - 1)];
            if (kept.IsTaken)
            {
                if (_count == _buckets.Length)
                {
                    Grow();
                }

                Add(kept.Code, kept.Code.GetHashCode(), kept.Row);
            }
        }
    }

    private int BucketOf(int hash) => (hash >>> BitOperations.Log2(RowTable<TRow>.Parts)) & (_buckets.Length - 1);

    private ref Place At(int place) => ref _blocks[place >> BlockBits][place & (BlockSize - 1)];

    private struct Place
    {
        internal ShortCode Code;
        internal int Next;
        internal TRow Row;

        internal readonly bool IsTaken => Next >= None;
    }
}
