using System.Numerics;

namespace Kameleoon.Hybrid;

/// <summary>Counts the visitors of one experiment by stage and variation until its table is half full. Then another window
/// begins. Safe for concurrent use.</summary>
/// <param name="number">The number of the window, from 1.</param>
/// <param name="weights">The expected share of each variation.</param>
/// <param name="started">When the window began.</param>
internal sealed class StageWindow(int number, double[] weights, DateTimeOffset started)
{
    /// <summary>The stages that are counted, in their order.</summary>
    internal static readonly VisitorStages[] Counted = [.. StageTests.Tested, VisitorStages.Converted];

    private const int StageCount = 6;

    private readonly VisitorTable _visitors = new();
    private readonly long[] _counts = new long[StageCount * weights.Length];
    private int _excluded;

    internal int Number => number;

    internal DateTimeOffset Started => started;

    internal StageTests Tests { get; } = new(weights, number);

    internal bool IsFull => Read(VisitorStages.Decided).Sum() + Volatile.Read(ref _excluded) >= VisitorTable.Places / 2;

    /// <summary>Counts a visitor for each stage that is new.</summary>
    internal void Count(uint hash, int variation, VisitorStages stages)
    {
        var added = _visitors.Add(hash, (int)stages, out _);
        for (; added != 0; added &= added - 1)
        {
            Interlocked.Increment(ref _counts[PlaceOf(added) + variation]);
        }
    }

    /// <summary>Leaves a visitor out from now on.</summary>
    internal void Exclude(uint hash)
    {
        if (_visitors.Exclude(hash))
        {
            Interlocked.Increment(ref _excluded);
        }
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

    private int PlaceOf(int stage) => BitOperations.TrailingZeroCount(stage) * weights.Length;
}
