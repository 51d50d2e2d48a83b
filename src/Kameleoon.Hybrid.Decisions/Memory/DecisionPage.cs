namespace Kameleoon.Hybrid.Decisions;

/// <summary>The decisions of one visitor as long as data file and facts stay the same.</summary>
/// <remarks>
/// Safe without locks: an entry is written once, and only ever gets lost when the room for entries grows meanwhile,
/// which costs one decision. A list at first; an entry for each flag of the file from <see cref="LongList"/> on.
/// </remarks>
internal sealed class DecisionPage(SiteFlags site, long version)
{
    private const int ShortList = 4;
    private const int LongList = 16;

    private SharedDecision?[] _entries = new SharedDecision?[Math.Min(ShortList, site.Flags.Length)];
    private bool _isComplete;

    internal SiteFlags Site => site;

    internal long Version => version;

    /// <summary>Whether every flag has its entry that can have one.</summary>
    internal bool IsComplete
    {
        get => Volatile.Read(ref _isComplete);
        set => Volatile.Write(ref _isComplete, value);
    }

    internal SharedDecision? Find(FeatureFlag flag)
    {
        var entries = Volatile.Read(ref _entries);
        if (entries.Length == site.Flags.Length)
        {
            var kept = (uint)flag.Index < (uint)entries.Length ? entries[flag.Index] : null;
            return IsOf(kept, flag) ? kept : null;
        }

        foreach (var kept in entries)
        {
            if (kept is null || IsOf(kept, flag))
            {
                return kept;
            }
        }

        return null;
    }

    /// <param name="kept">A decision of a flag of the data file.</param>
    internal void Add(SharedDecision kept)
    {
        var flag = kept.Value.Flag!;
        while (true)
        {
            var entries = Volatile.Read(ref _entries);
            if (entries.Length == site.Flags.Length)
            {
                Volatile.Write(ref entries[flag.Index], kept);
                return;
            }

            foreach (ref var entry in entries.AsSpan())
            {
                if (Interlocked.CompareExchange(ref entry, kept, null) is not { } earlier || IsOf(earlier, flag))
                {
                    return;
                }
            }

            Grow(entries, entries.Length < LongList ? LongList : int.MaxValue);
        }
    }

    /// <summary>An entry for each flag of the file.</summary>
    internal SharedDecision?[] All()
    {
        while (true)
        {
            var entries = Volatile.Read(ref _entries);
            if (entries.Length == site.Flags.Length)
            {
                return entries;
            }

            Grow(entries, int.MaxValue);
        }
    }

    private static bool IsOf(SharedDecision? kept, FeatureFlag flag) => ReferenceEquals(kept?.Value.Flag, flag);

    private void Grow(SharedDecision?[] entries, int length)
    {
        var flags = site.Flags.Length;
        var grown = new SharedDecision?[Math.Min(length, flags)];
        for (var i = 0; i < entries.Length; i++)
        {
            if (Volatile.Read(ref entries[i]) is { } kept)
            {
                grown[grown.Length == flags ? kept.Value.Flag!.Index : i] = kept;
            }
        }

        Interlocked.CompareExchange(ref _entries, grown, entries);
    }
}
