namespace Kameleoon.Hybrid;

/// <summary>Keeps the exposures of one client and who reports each, so that none is reported twice or never.</summary>
/// <remarks>A list that only grows, at its end and by compare-and-swap: no lock, however many handlers decide at once.
/// </remarks>
internal sealed class ExposureLedger
{
    private Entry? _first;

    internal bool IsEmpty => Volatile.Read(ref _first) is null;

    /// <summary>Whether an exposure is nobody's yet.</summary>
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

    /// <summary>Whether any decision was more than a look.</summary>
    internal bool IsTracked
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

    /// <summary>Enters a decision. The same experiment and variation is one exposure, tracked once it ever was.</summary>
    /// <returns>The entry when this call opened the exposure, else null.</returns>
    internal Entry? Enter(in Exposure exposure, bool track)
    {
        Entry? added = null;
        ref var place = ref _first;
        while (true)
        {
            if (Volatile.Read(ref place) is not { } entry)
            {
                added ??= new Entry(exposure, track);
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

    internal int Count()
    {
        var count = 0;
        foreach (var _ in this)
        {
            count++;
        }

        return count;
    }

    /// <summary>The entries in the order of decision; of two for one experiment, the last.</summary>
    public Enumerator GetEnumerator() => new(Volatile.Read(ref _first));

    internal struct Enumerator(Entry? next)
    {
        private Entry? _next = next;

        public Entry Current { get; private set; } = null!;

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

        private readonly bool IsReplaced(Entry entry)
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

    internal sealed class Entry(Exposure exposure, bool track)
    {
        private const int Untracked = 0;
        private const int Opened = 1;
        private const int OwnedByEngine = 2;
        private const int OwnedByServer = 3;
        private const int OwnedByPage = 4;

#pragma warning disable CA1051 // The ledger appends by compare-and-swap, which needs the field itself.
        internal Entry? Next;
#pragma warning restore CA1051

        private int _state = track ? Opened : Untracked;
        private bool _isTracked = track;

        internal Exposure Exposure => exposure;

        /// <summary>Who reports it, in words.</summary>
        internal string Owner => Volatile.Read(ref _state) switch
        {
            Opened => "the server, when the response is complete",
            OwnedByEngine => "the engine",
            OwnedByServer => "the server",
            OwnedByPage => "the server, once the page is shown",
            _ => "nobody, it was only looked at",
        };

        /// <summary>Whether it ever was an exposure, and not only looked at.</summary>
        internal bool IsTracked => Volatile.Read(ref _isTracked);

        internal bool IsOpen => Volatile.Read(ref _state) == Opened;

        internal bool IsOfPage => Volatile.Read(ref _state) is OwnedByEngine or OwnedByPage;

        internal bool IsOwnedByEngine => Volatile.Read(ref _state) == OwnedByEngine;

        internal bool Open()
        {
            Volatile.Write(ref _isTracked, true);
            return Move(Untracked, Opened);
        }

        internal bool GiveToEngine() => Move(Opened, OwnedByEngine);

        internal bool GiveToEngineUntracked() => GiveToEngine() || Move(Untracked, OwnedByEngine);

        /// <summary>The page tells the server once it is shown.</summary>
        internal bool GiveToPage() => Move(Opened, OwnedByPage);

        internal bool GiveToServer() => Move(Opened, OwnedByServer);

        private bool Move(int from, int to) => Interlocked.CompareExchange(ref _state, to, from) == from;
    }
}
