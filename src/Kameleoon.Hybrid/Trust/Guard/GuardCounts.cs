using System.Numerics;

namespace Kameleoon.Hybrid;

/// <summary>Counts the visitors and responses of each variation. Safe for concurrent use.</summary>
/// <param name="variations">The number of variations.</param>
internal sealed class GuardCounts(int variations)
{
    private const int SignCount = 5;

    private readonly VisitorTable _visitors = new();
    private readonly long[] _signs = new long[SignCount * variations];
    private readonly long[] _responses = new long[variations];
    private readonly long[] _failed = new long[variations];
    private readonly long[] _timed = new long[variations];
    private readonly long[] _slow = new long[variations];
    private int _places;

    /// <summary>Whether so many visitors are counted that others would often be taken for them.</summary>
    internal bool IsFull => Volatile.Read(ref _places) >= VisitorTable.Places / 2;

    /// <summary>Counts a response.</summary>
    /// <param name="hash">The hash of the visitor's code.</param>
    /// <param name="variation">The place of the variation.</param>
    /// <param name="hasFailed">Whether the response failed.</param>
    /// <param name="isSlow">Whether it was slow, or null if its time does not count.</param>
    internal void Count(uint hash, int variation, bool hasFailed, bool? isSlow)
    {
        // Those who kept a withheld variation say nothing of visitors who would get it anew.
        if (((GuardSigns)_visitors.Read(VisitorTable.PlaceOf(hash))).HasFlag(GuardSigns.Kept))
        {
            return;
        }

        Interlocked.Increment(ref _responses[variation]);
        var signs = GuardSigns.Answered;
        if (hasFailed)
        {
            Interlocked.Increment(ref _failed[variation]);
            signs |= GuardSigns.Failed;
        }

        if (isSlow is not null)
        {
            Interlocked.Increment(ref _timed[variation]);
        }

        if (isSlow == true)
        {
            Interlocked.Increment(ref _slow[variation]);
            signs |= GuardSigns.Slow;
        }

        Mark(hash, variation, signs);
    }

    /// <summary>Counts a visitor for each sign that is new.</summary>
    internal void Mark(uint hash, int variation, GuardSigns signs)
    {
        var added = _visitors.Add(hash, (int)signs, out var isFirst);
        if (isFirst)
        {
            Interlocked.Increment(ref _places);
        }

        for (; added != 0; added &= added - 1)
        {
            Interlocked.Increment(ref _signs[(BitOperations.TrailingZeroCount(added) * variations) + variation]);
        }
    }

    /// <summary>Returns the visitors of a variation with a sign.</summary>
    internal long Read(GuardSigns sign, int variation) =>
        Volatile.Read(ref _signs[(BitOperations.TrailingZeroCount((int)sign) * variations) + variation]);

    /// <summary>Returns what is counted of one kind of bad response.</summary>
    internal GuardFigures Read(GuardSigns kind, int variation, int control)
    {
        var (bad, all) = kind == GuardSigns.Failed ? (_failed, _responses) : (_slow, _timed);
        return new GuardFigures(
            Read(kind, variation),
            Read(kind, control),
            Read(GuardSigns.Answered, variation),
            Read(GuardSigns.Answered, control),
            new GuardRates(
                Volatile.Read(ref bad[variation]), Volatile.Read(ref all[variation]), Volatile.Read(ref bad[control]), Volatile.Read(ref all[control])));
    }
}
