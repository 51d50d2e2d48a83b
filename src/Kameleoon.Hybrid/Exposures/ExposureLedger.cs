namespace Kameleoon.Hybrid;

/// <summary>The exposures of one client, each with its state, so that every exposure has exactly one owner.</summary>
/// <remarks>An append-only list without locks: entries are appended by compare-and-swap. Safe for concurrent
/// use.</remarks>
internal sealed class ExposureLedger
{
    private ExposureEntry? _first;

    internal bool IsEmpty => Volatile.Read(ref _first) is null;

    /// <summary>Whether an exposure is open: tracked, and not assigned to an owner yet.</summary>
    internal bool HasOpen
    {
        get
        {
            foreach (var entry in this)
            {
                if (entry.IsOpen)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether any decision was tracked.</summary>
    internal bool HasTracked
    {
        get
        {
            foreach (var entry in this)
            {
                if (entry.IsTracked)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Adds a decision. Decisions with the same experiment and variation are one exposure, which stays tracked
    /// once one of them was.</summary>
    /// <returns>The entry when this call opened the exposure, else null.</returns>
    internal ExposureEntry? Add(in Exposure exposure, bool track)
    {
        ExposureEntry? added = null;
        ref var place = ref _first;
        while (true)
        {
            if (Volatile.Read(ref place) is not { } entry)
            {
                added ??= new ExposureEntry(exposure, track);
                entry = Interlocked.CompareExchange(ref place, added, null);
                if (entry is null)
                {
                    return track ? added : null;
                }
            }

            if (entry.Exposure == exposure)
            {
                return track && entry.Open() ? entry : null;
            }

            place = ref entry.Next;
        }
    }

    /// <summary>Whether the engine or the page reports an exposure.</summary>
    internal bool IsOfPage(in Exposure exposure)
    {
        for (var entry = Volatile.Read(ref _first); entry is not null; entry = Volatile.Read(ref entry.Next))
        {
            if (entry.Exposure == exposure)
            {
                return entry.IsOfPage;
            }
        }

        return false;
    }

    /// <summary>Whether a tracked decision gave the visitor another variation of an exposure's experiment.</summary>
    internal bool HasOtherVariation(in Exposure exposure)
    {
        foreach (var entry in this)
        {
            if (entry.IsTracked
                && entry.Exposure.ExperimentId == exposure.ExperimentId
                && entry.Exposure.VariationId != exposure.VariationId)
            {
                return true;
            }
        }

        return false;
    }

    internal int Count()
    {
        var count = 0;
        foreach (var _ in this)
        {
            count++;
        }

        return count;
    }

    /// <summary>Enumerates the entries in the order of decision. Of two entries for one experiment, only the last is
    /// returned.</summary>
    public Enumerator GetEnumerator() => new(Volatile.Read(ref _first));

    internal struct Enumerator(ExposureEntry? next)
    {
        private ExposureEntry? _next = next;

        public ExposureEntry Current { get; private set; } = null!;

        public bool MoveNext()
        {
            while (_next is { } entry)
            {
                _next = Volatile.Read(ref entry.Next);
                if (!IsReplaced(entry))
                {
                    Current = entry;
                    return true;
                }
            }

            return false;
        }

        private readonly bool IsReplaced(ExposureEntry entry)
        {
            for (var later = _next; later is not null; later = Volatile.Read(ref later.Next))
            {
                if (later.Exposure.ExperimentId == entry.Exposure.ExperimentId && (later.IsTracked || !entry.IsTracked))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
