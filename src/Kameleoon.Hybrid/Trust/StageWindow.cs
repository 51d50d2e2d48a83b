using System.Numerics;

namespace Kameleoon.Hybrid;

/// <summary>Counts the visitors of one experiment by stage and variation until its table is half full. Then another window
/// begins. Safe for concurrent use.</summary>
/// <param name="number">The number of the window, from 1.</param>
/// <param name="weights">The expected share of each variation.</param>
/// <param name="started">When the window began.</param>
/// <param name="shared">What other servers know of the visitors, or null for one server.</param>
internal sealed class StageWindow(int number, double[] weights, DateTimeOffset started, SharedPlaces? shared = null)
{
    /// <summary>The stages that are counted, in their order.</summary>
    internal static readonly VisitorStages[] Counted = [.. StageTests.Tested, VisitorStages.Converted];

    private const int StageCount = 6;
    private const int CountedBits = (1 << StageCount) - 1;

    private readonly VisitorTable _visitors = new();
    private readonly long[] _counts = new long[StageCount * weights.Length];
    private int _excluded;

    internal int Number => number;

    internal DateTimeOffset Started => started;

    internal StageTests Tests { get; } = new(weights, number);

    internal bool IsFull => Read(VisitorStages.Decided).Sum() + Volatile.Read(ref _excluded) >= VisitorTable.Places / 2;

    /// <summary>Counts a visitor for each stage that is new.</summary>
    internal void Count(uint hash, int variation, VisitorStages stages) =>
        Add(VisitorTable.PlaceOf(hash), variation, (int)stages);

    /// <summary>Leaves a visitor out from now on.</summary>
    internal void Exclude(uint hash) => ExcludeAt(VisitorTable.PlaceOf(hash));

    /// <summary>Returns what other servers do not know of the visitors.</summary>
    internal List<PlaceChange> FindChanges(int most) => shared?.FindChanges(_visitors, most) ?? [];

    /// <summary>Notes that other servers know this of a visitor.</summary>
    internal void Confirm(in PlaceChange change) => shared?.Know(change);

    /// <summary>Counts a visitor of another server.</summary>
    internal void Merge(in PlaceChange change)
    {
        if (shared is null || change.Place >= VisitorTable.Places || change.Variation >= weights.Length)
        {
            return;
        }

        // Bits that only another version knows are not counted here.
        var counted = change.Bits == VisitorTable.AllBits ? change : change with { Bits = (byte)(change.Bits & CountedBits) };
        if (counted.Bits == VisitorTable.AllBits)
        {
            ExcludeAt(counted.Place);
        }
        else
        {
            Add(counted.Place, counted.Variation, counted.Bits);
        }

        shared.Know(counted);
    }

    /// <summary>Returns the visitors of each variation that reached a stage.</summary>
    internal long[] Read(VisitorStages stage)
    {
        var counts = new long[weights.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Volatile.Read(ref _counts[PlaceOf((int)stage) + i]);
        }

        return counts;
    }

    private void Add(int place, int variation, int stages)
    {
        if (shared is not null && _visitors.Read(place) == 0)
        {
            shared.SetVariation(place, variation);
        }

        var added = _visitors.AddAt(place, stages, out _);
        for (; added != 0; added &= added - 1)
        {
            Interlocked.Increment(ref _counts[PlaceOf(added) + variation]);
        }
    }

    private void ExcludeAt(int place)
    {
        if (_visitors.ExcludeAt(place))
        {
            Interlocked.Increment(ref _excluded);
        }
    }

    private int PlaceOf(int stage) => BitOperations.TrailingZeroCount(stage) * weights.Length;
}
