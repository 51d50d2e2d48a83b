using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>The variation assigned to a visitor in an experiment, and the time of the last assignment.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct SavedAssignment(long experimentId, long variationId, DateTimeOffset time)
{
    internal const int Size = 3 * sizeof(long);

    // The two lowest bits of the time. Flags of their own would make every assignment larger by eight bytes.
    private const long Reported = 1;
    private const long Engines = 2;
    private const long Flags = Reported | Engines;

    // Updated in place, so that a returning visitor needs no further memory.
    private long _utcTicks = time.UtcTicks & ~Flags;

    internal long ExperimentId { get; } = experimentId;

    internal long VariationId { get; } = variationId;

    internal readonly DateTimeOffset Time => new(Volatile.Read(in _utcTicks) & ~Flags, TimeSpan.Zero);

    /// <summary>Whether the time is not before another.</summary>
    internal readonly bool IsSince(long utcTicks) => Volatile.Read(in _utcTicks) >= utcTicks;

    /// <summary>Sets the time and keeps the reported flag.</summary>
    internal void MoveTo(DateTimeOffset time)
    {
        var moved = time.UtcTicks & ~Flags;
        for (var before = Volatile.Read(ref _utcTicks); (before & ~Flags) != moved;)
        {
            var now = Interlocked.CompareExchange(ref _utcTicks, moved | (before & Flags), before);
            if (now == before)
            {
                return;
            }

            before = now;
        }
    }

    /// <summary>Whether this call is the first to report the assignment.</summary>
    internal bool TryReport(bool evenIfEngines)
    {
        var blocking = evenIfEngines ? Reported : Flags;
        var before = Volatile.Read(ref _utcTicks);
        while ((before & blocking) == 0)
        {
            var now = Interlocked.CompareExchange(ref _utcTicks, before | Reported, before);
            if (now == before)
            {
                return true;
            }

            before = now;
        }

        return false;
    }

    internal readonly bool IsReported => (Volatile.Read(in _utcTicks) & Flags) != 0;

    internal void Unreport() => Interlocked.And(ref _utcTicks, ~Reported);

    /// <returns>Whether this call changed the mark.</returns>
    internal bool SetEngines(bool isEngines)
    {
        // Each page of a session sets the mark again.
        if ((Volatile.Read(ref _utcTicks) & Engines) != 0 == isEngines)
        {
            return false;
        }

        var before = isEngines ? Interlocked.Or(ref _utcTicks, Engines) : Interlocked.And(ref _utcTicks, ~Engines);
        return (before & Engines) != 0 != isEngines;
    }

    /// <summary>Finds the place of an experiment's assignment.</summary>
    /// <param name="saved">The assignments.</param>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="start">The place that is looked at first, for callers that know the order.</param>
    /// <returns>The place, or -1.</returns>
    internal static int IndexOf(ReadOnlySpan<SavedAssignment> saved, long experimentId, int start = 0)
    {
        for (var i = start; i < saved.Length; i++)
        {
            if (saved[i].ExperimentId == experimentId)
            {
                return i;
            }
        }

        saved = saved[..Math.Min(start, saved.Length)];
        for (var i = 0; i < saved.Length; i++)
        {
            if (saved[i].ExperimentId == experimentId)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Saves several assignments.</summary>
    /// <param name="saved">The assignments so far, whose times are updated in place.</param>
    /// <param name="exposures">The assignments to save.</param>
    /// <param name="most">How many they are at most.</param>
    /// <param name="time">The current time.</param>
    /// <returns>The same array if it has all of them, else a copy with all.</returns>
    internal static SavedAssignment[] SaveAll<TExposures>(
        SavedAssignment[] saved, TExposures exposures, int most, DateTimeOffset time)
        where TExposures : struct, IExposures, allows ref struct
    {
        var (all, count, next, highest) = (saved, saved.Length, 0, HighestOf(saved));
        while (exposures.MoveNext())
        {
            var exposure = exposures.Current;

            // Flags are mostly in the order of their experiments, so most of a new visitor's need no search.
            var place = exposure.ExperimentId > highest ? -1 : IndexOf(all.AsSpan(0, count), exposure.ExperimentId, next);
            next = place + 1;
            if (place >= 0 && all[place].VariationId == exposure.VariationId)
            {
                all[place].MoveTo(time);
                continue;
            }

            if (ReferenceEquals(all, saved))
            {
                all = new SavedAssignment[saved.Length + most];
                saved.CopyTo(all, 0);
            }

            all[place < 0 ? count++ : place] = new SavedAssignment(exposure.ExperimentId, exposure.VariationId, time);
            highest = Math.Max(highest, exposure.ExperimentId);
        }

        Array.Resize(ref all, count);
        return all;
    }

    private static long HighestOf(SavedAssignment[] saved)
    {
        var highest = long.MinValue;
        foreach (ref readonly var one in saved.AsSpan())
        {
            highest = Math.Max(highest, one.ExperimentId);
        }

        return highest;
    }
}
