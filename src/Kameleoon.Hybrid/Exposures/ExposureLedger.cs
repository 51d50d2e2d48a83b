namespace Kameleoon.Hybrid;

/// <summary>Keeps the exposures of one client and who reports each, so that none is reported twice or never.</summary>
/// <remarks>A list that only grows at its head, by compare-and-swap: no lock, however many handlers decide at once.
/// </remarks>
internal sealed class ExposureLedger
{
    private Entry? _newest;

    internal bool IsEmpty => Volatile.Read(ref _newest) is null;

    /// <summary>Enters a decision. The same experiment and variation is one exposure, tracked once it ever was.</summary>
    /// <returns>The entry when this call opened the exposure, else null.</returns>
    internal Entry? Enter(Exposure exposure, bool track)
    {
        Entry? added = null;
        while (true)
        {
            var newest = Volatile.Read(ref _newest);
            if (Find(newest, exposure) is { } known)
            {
                return track && known.Open() ? known : null;
            }

            added = new Entry(exposure, track, newest);
            if (Interlocked.CompareExchange(ref _newest, added, newest) == newest)
            {
                return track ? added : null;
            }
        }
    }

    /// <summary>The entries in the order of decision; of two for one experiment, the last.</summary>
    internal List<Entry> Entries()
    {
        var entries = new List<Entry>();
        for (var entry = Volatile.Read(ref _newest); entry is not null; entry = entry.Older)
        {
            if (!entries.Exists(later => later.Exposure.ExperimentId == entry.Exposure.ExperimentId))
            {
                entries.Add(entry);
            }
        }

        entries.Reverse();
        return entries;
    }

    private static Entry? Find(Entry? newest, Exposure exposure)
    {
        for (var entry = newest; entry is not null; entry = entry.Older)
        {
            if (entry.Exposure == exposure)
            {
                return entry;
            }
        }

        return null;
    }

    internal sealed class Entry(Exposure exposure, bool track, Entry? older)
    {
        private const int Untracked = 0;
        private const int Opened = 1;
        private const int OwnedByEngine = 2;
        private const int OwnedByServer = 3;

        private int _state = track ? Opened : Untracked;

        internal Exposure Exposure => exposure;

        internal Entry? Older => older;

        internal bool IsOwnedByEngine => Volatile.Read(ref _state) == OwnedByEngine;

        internal bool Open() => Move(Untracked, Opened);

        internal bool GiveToEngine() => Move(Opened, OwnedByEngine);

        internal bool GiveToEngineUntracked() => GiveToEngine() || Move(Untracked, OwnedByEngine);

        internal bool GiveToServer() => Move(Opened, OwnedByServer);

        private bool Move(int from, int to) => Interlocked.CompareExchange(ref _state, to, from) == from;
    }
}
