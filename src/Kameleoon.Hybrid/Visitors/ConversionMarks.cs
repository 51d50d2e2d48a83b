namespace Kameleoon.Hybrid;

/// <summary>Clears the mark of a conversion whose event was dropped, so that the application can report it again.</summary>
internal static class ConversionMarks
{
    /// <summary>Clears the mark. Does not evict visitors, so that it may be called under the lock of the queue.</summary>
    /// <param name="record">The visitor's record.</param>
    /// <param name="key">The conversion.</param>
    /// <param name="before">The snapshot before the change.</param>
    /// <param name="after">The snapshot after the change.</param>
    /// <returns>False if the conversion was not marked.</returns>
    internal static bool TryClear(VisitorRecord record, ConversionKey key, out VisitorSnapshot before, out VisitorSnapshot after)
    {
        while (true)
        {
            before = record.Known;
            if (!before.Conversions.Contains(key))
            {
                after = before;
                return false;
            }

            // Decisions do not depend on conversions, so the version stays.
            after = before with { Conversions = before.Conversions.Remove(key) };
            if (record.TryReplace(before, after))
            {
                return true;
            }
        }
    }
}
