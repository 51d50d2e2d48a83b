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

    /// <summary>Changes the mark that a person's code has of a former code's conversion as the mark of the former code was changed, and
    /// notifies other servers.</summary>
    /// <param name="visitors">The visitors.</param>
    /// <param name="changes">Is notified of the change, or null.</param>
    /// <param name="code">The person's code.</param>
    /// <param name="former">The former code.</param>
    /// <param name="key">The conversion.</param>
    /// <param name="isSafe">Whether its event is safe; false if it was dropped.</param>
    internal static void ChangeInherited(
        VisitorStore visitors, IVisitorChangeListener? changes, string code, string former, ConversionKey key, bool isSafe)
    {
        using var use = visitors.PeekInUse(code);
        if (use.Session is { } session
            && session.Record.Known.PlaceOf(key) is var place and >= 0
            && string.Equals(session.Record.Known.Conversions[place].Former, former, StringComparison.Ordinal)
            && (isSafe
                ? TrySettle(session.Record, key, out var before, out var after)
                : TryClear(session.Record, key, out before, out after)))
        {
            changes?.OnChanged(session.Person ?? code, before, after);
        }
    }

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
