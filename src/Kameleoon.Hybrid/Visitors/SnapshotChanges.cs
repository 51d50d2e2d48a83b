namespace Kameleoon.Hybrid;

/// <summary>Replaces the snapshots of visitors with changed ones, and gives each its own version.</summary>
internal sealed class SnapshotChanges
{
    private long _version = VisitorSnapshot.LastShared;

    /// <summary>Replaces a record's snapshot. Safe beside concurrent changes.</summary>
    /// <param name="record">The record.</param>
    /// <param name="state">What <paramref name="change"/> needs.</param>
    /// <param name="change">Returns the changed snapshot. Called again after a concurrent change.</param>
    /// <param name="before">The snapshot before the change.</param>
    /// <param name="after">The snapshot after it.</param>
    /// <returns>False when the record's visitor was removed from memory.</returns>
    internal bool TryChange<TState>(
        VisitorRecord record,
        TState state,
        Func<VisitorSnapshot, TState, VisitorSnapshot> change,
        out VisitorSnapshot before,
        out VisitorSnapshot after)
    {
        while (true)
        {
            var known = before = record.Known;
            if (record.HasEnded)
            {
                after = known;
                return false;
            }

            var changed = change(known, state);
            if (changed.Version == known.Version && !ReferenceEquals(known, changed))
            {
                changed = changed with
                {
                    Version = Interlocked.Increment(ref _version),
                    Size = VisitorSize.Of(changed),
                };
            }

            if (ReferenceEquals(known, changed) || record.TryReplace(known, changed))
            {
                after = changed;
                return true;
            }
        }
    }
}
