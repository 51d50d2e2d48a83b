using System.Collections.Immutable;

namespace Kameleoon.Hybrid;

/// <summary>Changes the mark of a conversion whose event was dropped, or became safe.</summary>
/// <remarks>Does not evict visitors, so that it may be called under the lock of the queue, and does not prolong sessions.
/// Decisions do not depend on conversions, so the version of the snapshot stays.</remarks>
internal static class ConversionMarks
{
    /// <summary>Clears the mark, so that the application can report the conversion again.</summary>
    /// <param name="record">The visitor's record.</param>
    /// <param name="key">The conversion.</param>
    /// <param name="before">The snapshot before the change.</param>
    /// <param name="after">The snapshot after the change.</param>
    /// <returns>False if the conversion was not marked.</returns>
    internal static bool TryClear(VisitorRecord record, ConversionKey key, out VisitorSnapshot before, out VisitorSnapshot after) =>
        TryChange(record, key, static (known, place) => known.RemoveAt(place), out before, out after);

    /// <summary>Marks the event of the conversion as safe.</summary>
    /// <inheritdoc cref="TryClear"/>
    internal static bool TrySettle(VisitorRecord record, ConversionKey key, out VisitorSnapshot before, out VisitorSnapshot after) =>
        TryChange(record, key, static (known, place) => known.SetItem(place, known[place] with { IsSafe = true }), out before, out after);

    private static bool TryChange(
        VisitorRecord record,
        ConversionKey key,
        Func<ImmutableArray<ConversionMark>, int, ImmutableArray<ConversionMark>> change,
        out VisitorSnapshot before,
        out VisitorSnapshot after)
    {
        while (true)
        {
            before = record.Known;
            var place = before.PlaceOf(key);
            if (place < 0)
            {
                after = before;
                return false;
            }

            after = before with { Conversions = change(before.Conversions, place) };
            if (record.TryReplace(before, after))
            {
                return true;
            }
        }
    }
}
