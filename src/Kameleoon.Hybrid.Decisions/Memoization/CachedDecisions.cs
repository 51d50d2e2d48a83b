namespace Kameleoon.Hybrid.Decisions;

/// <summary>The decisions for one visitor, valid for one data file and one version of the facts.</summary>
/// <remarks>
/// Safe for concurrent use without locks: an entry is written once. An entry can get lost while the array grows; its
/// flag is then decided once more. The entries are a short list at first, and indexed by flag once the list exceeds
/// <see cref="LongList"/> entries.
/// </remarks>
/// <param name="site">The flags.</param>
/// <param name="version">The version of the facts.</param>
/// <param name="room">The expected number of decisions.</param>
internal sealed class CachedDecisions(SiteFlags site, long version, int room)
{
    /// <summary>The room that the decisions of few flags need.</summary>
    internal const int ShortList = 4;

    private const int LongList = 16;

    private SharedDecision?[] _entries = new SharedDecision?[Math.Min(room, site.Flags.Length)];
    private FlagDecisions? _all;

    internal SiteFlags Site => site;

    internal long Version => version;

    /// <summary>The entries as one object, or null until every flag whose decision may be cached has an entry.</summary>
    internal FlagDecisions? All => Volatile.Read(ref _all);

    /// <summary>Finds the decision about a flag by the object by which it was asked for before. Null if another key was used, or if
    /// the list is long.</summary>
    internal SharedDecision? FindAsked(string featureKey)
    {
        var entries = Volatile.Read(ref _entries);
        if (entries.Length > LongList)
        {
            return null;
        }

        foreach (var decision in entries)
        {
            if (decision is not null && decision.IsAskedBy(featureKey))
            {
                return decision;
            }
        }

        return null;
    }

    /// <summary>Finds the decision about a flag, or null.</summary>
    internal SharedDecision? Find(FeatureFlag flag)
    {
        var entries = Volatile.Read(ref _entries);
        if (entries.Length == site.Flags.Length)
        {
            var decision = (uint)flag.Index < (uint)entries.Length ? entries[flag.Index] : null;
            return IsOf(decision, flag) ? decision : null;
        }

        foreach (var decision in entries)
        {
            if (decision is null || IsOf(decision, flag))
            {
                return decision;
            }
        }

        return null;
    }

    /// <summary>Adds a decision about a flag of the data file; an earlier one of the same flag may stay.</summary>
    internal void Add(SharedDecision decision)
    {
        var flag = decision.Value.Flag!;
        while (true)
        {
            var entries = Volatile.Read(ref _entries);
            if (entries.Length == site.Flags.Length)
            {
                Volatile.Write(ref entries[flag.Index], decision);
                return;
            }

            foreach (ref var entry in entries.AsSpan())
            {
                if (Interlocked.CompareExchange(ref entry, decision, null) is not { } earlier || IsOf(earlier, flag))
                {
                    return;
                }
            }

            Grow(entries, entries.Length < LongList ? LongList : int.MaxValue);
        }
    }

    /// <summary>Notes that every flag whose decision may be cached has an entry.</summary>
    /// <returns>The entries as one object, the same for all callers.</returns>
    internal FlagDecisions Complete() => All
        ?? Interlocked.CompareExchange(ref _all, new FlagDecisions(site, GetEntries()), null)
        ?? _all;

    /// <summary>Returns the entries, indexed by flag.</summary>
    internal SharedDecision?[] GetEntries()
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

    private static bool IsOf(SharedDecision? decision, FeatureFlag flag) => ReferenceEquals(decision?.Value.Flag, flag);

    private void Grow(SharedDecision?[] entries, int length)
    {
        var flags = site.Flags.Length;
        var grown = new SharedDecision?[Math.Min(length, flags)];
        for (var i = 0; i < entries.Length; i++)
        {
            if (Volatile.Read(ref entries[i]) is { } decision)
            {
                grown[grown.Length == flags ? decision.Value.Flag!.Index : i] = decision;
            }
        }

        Interlocked.CompareExchange(ref _entries, grown, entries);
    }
}
