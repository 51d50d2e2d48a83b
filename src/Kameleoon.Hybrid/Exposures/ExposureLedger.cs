namespace Kameleoon.Hybrid;

/// <summary>The exposures of one client, each with its state, so that every exposure has exactly one owner.</summary>
/// <remarks>An append-only list. Adding locks the ledger, which only handlers of one page share; reading does not. Safe for
/// concurrent use.</remarks>
internal sealed class ExposureLedger
{
    // Few pages have more exposures. A search through so many takes no longer than one in an index.
    private const int MaxUnindexed = 16;

    private readonly Lock _gate = new();
    private ExposureEntry? _first;
    private ExposureEntry? _last;
    private Dictionary<long, ExposureEntry>? _byExperiment;

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

    /// <summary>Whether a tag took an exposure and was not written.</summary>
    internal bool HasUnwritten
    {
        get
        {
            foreach (var entry in this)
            {
                if (entry.IsOfPage && entry.IsLost(LostTags.Unwritten))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Adds a decision. Decisions with the same experiment and variation are one exposure, which stays tracked
    /// once one of them was. Where another variation came between, the exposure is the last one again.</summary>
    /// <returns>The entry when this call opened the exposure, else null.</returns>
    internal ExposureEntry? Add(in Exposure exposure, bool track)
    {
        lock (_gate)
        {
            var (same, latest) = Find(exposure);
            if (same is not null && (ReferenceEquals(same, latest) || same.HasOwner))
            {
                return track && same.Open() ? same : null;
            }

            var added = new ExposureEntry(exposure, track || same?.IsTracked == true);
            Append(added, latest);
            return added.IsOpen ? added : null;
        }
    }

    /// <summary>Whether the engine or the page reports an exposure.</summary>
    internal bool IsOfPage(in Exposure exposure)
    {
        lock (_gate)
        {
            return Find(exposure).Same is { IsOfPage: true };
        }
    }

    /// <summary>Whether a tracked decision gave the visitor another variation of an exposure's experiment.</summary>
    internal bool HasOtherVariation(in Exposure exposure)
    {
        lock (_gate)
        {
            for (var entry = FindFirst(exposure.ExperimentId); entry is not null; entry = entry.Later)
            {
                if (entry.IsTracked && entry.Exposure.VariationId != exposure.VariationId)
                {
                    return true;
                }
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

    // The last entry of the exposure, and the last one of its experiment.
    private (ExposureEntry? Same, ExposureEntry? Latest) Find(in Exposure exposure)
    {
        ExposureEntry? same = null, latest = null;
        for (var entry = FindFirst(exposure.ExperimentId); entry is not null; entry = entry.Later)
        {
            same = entry.Exposure == exposure ? entry : same;
            latest = entry;
        }

        return (same, latest);
    }

    // An entry is known to replace another one before it can be enumerated.
    private void Append(ExposureEntry added, ExposureEntry? replaced)
    {
        if (replaced is not null)
        {
            replaced.Later = added;
        }

        _byExperiment?.TryAdd(added.Exposure.ExperimentId, added);
        if (_last is null)
        {
            Volatile.Write(ref _first, added);
        }
        else
        {
            _last.Next = added;
        }

        _last = added;
    }

    private ExposureEntry? FindFirst(long experimentId)
    {
        if (_byExperiment is not null)
        {
            return _byExperiment.GetValueOrDefault(experimentId);
        }

        var count = 0;
        for (var entry = _first; entry is not null; entry = entry.Next)
        {
            if (entry.Exposure.ExperimentId == experimentId)
            {
                return entry;
            }

            count++;
        }

        if (count >= MaxUnindexed)
        {
            BuildIndex();
        }

        return null;
    }

    private void BuildIndex()
    {
        _byExperiment = [];
        for (var entry = _first; entry is not null; entry = entry.Next)
        {
            _byExperiment.TryAdd(entry.Exposure.ExperimentId, entry);
        }
    }

    internal struct Enumerator(ExposureEntry? next)
    {
        private ExposureEntry? _next = next;

        public ExposureEntry Current { get; private set; } = null!;

        public bool MoveNext()
        {
            while (_next is { } entry)
            {
                _next = entry.Next;
                if (!IsReplaced(entry))
                {
                    Current = entry;
                    return true;
                }
            }

            return false;
        }

        private static bool IsReplaced(ExposureEntry entry)
        {
            for (var later = entry.Later; later is not null; later = later.Later)
            {
                if (later.IsTracked || !entry.IsTracked)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
