using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The data, consent, goals and assignments of one visitor during a session. Linked codes share one record.</summary>
/// <remarks>Safe for concurrent use: the parts are immutable and replaced by compare-and-swap.</remarks>
/// <param name="started">When the visit started.</param>
/// <param name="consent">The visitor's consent.</param>
/// <param name="assignments">The assignments.</param>
internal sealed class VisitorRecord(
    DateTimeOffset started, Consent consent = Consent.Unknown, SavedAssignment[]? assignments = null)
{
    private readonly long _started = started.UtcTicks;
    private VisitorSnapshot _known = VisitorSnapshot.Empty.With(consent, holdsOn: false);
    private SavedAssignment[] _assignments = assignments ?? [];
    private int _holders = 1;
    private int _lastFound;

    /// <summary>When the current visit started.</summary>
    internal DateTimeOffset Started => new(_started, TimeSpan.Zero);

    /// <summary>The current data, consent, goals and forced variations.</summary>
    internal VisitorSnapshot Known => Volatile.Read(ref _known);

    /// <summary>Changes with data, consent, goals and forced variations, and is never used again in this process.
    /// </summary>
    internal long Version => Known.Version;

    /// <summary>The estimated bytes of memory beyond those of a record with one assignment.</summary>
    internal int Size => Known.Size + (SavedAssignment.Size * Math.Max(0, Assignments.Length - 1));

    /// <summary>The assignments, at most one per experiment. The length of the array never changes; times and
    /// reported flags may be updated in place.</summary>
    internal SavedAssignment[] Assignments => Volatile.Read(ref _assignments);

    /// <summary>Whether the last code of this record was removed. Nothing can be added afterwards.</summary>
    internal bool HasEnded => ReferenceEquals(Known, VisitorSnapshot.Ended);

    /// <summary>Replaces the snapshot, unless another thread replaced it first.</summary>
    internal bool TryReplace(VisitorSnapshot known, VisitorSnapshot changed) =>
        ReferenceEquals(Interlocked.CompareExchange(ref _known, changed, known), known);

    /// <summary>Whether more than one code uses this record.</summary>
    internal bool IsShared => Volatile.Read(ref _holders) > 1;

    /// <summary>Adds a code that uses this record.</summary>
    internal void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>Removes a code that used this record.</summary>
    /// <returns>The last snapshot when no code uses the record any more, else null.</returns>
    internal VisitorSnapshot? Release() => Interlocked.Decrement(ref _holders) == 0
        ? Interlocked.Exchange(ref _known, VisitorSnapshot.Ended)
        : null;

    /// <summary>Saves an assignment, replacing the earlier one of the same experiment.</summary>
    /// <returns>Whether the number of assignments grew.</returns>
    internal bool Save(long experimentId, long variationId, DateTimeOffset time)
    {
        while (true)
        {
            var saved = Assignments;
            var place = IndexOf(saved, experimentId);
            if (place >= 0 && saved[place].VariationId == variationId)
            {
                saved[place].MoveTo(time);
                if (ReferenceEquals(saved, Assignments))
                {
                    return false;
                }

                continue;
            }

            var added = new SavedAssignment(experimentId, variationId, time);
            SavedAssignment[] changed = place < 0
                ? [.. saved, added]
                : [.. saved.AsSpan(0, place), added, .. saved.AsSpan(place + 1)];
            if (ReferenceEquals(Interlocked.CompareExchange(ref _assignments, changed, saved), saved))
            {
                return place < 0;
            }
        }
    }

    /// <summary>Saves several assignments as one change.</summary>
    /// <param name="exposures">The assignments.</param>
    /// <param name="count">How many they are at most.</param>
    /// <param name="time">The current time.</param>
    internal void SaveAll<TExposures>(TExposures exposures, int count, DateTimeOffset time)
        where TExposures : struct, IExposures, allows ref struct
    {
        SavedAssignment[] saved, changed;
        do
        {
            saved = Assignments;
            changed = SavedAssignment.SaveAll(saved, exposures, count, time);
        }
        while (!ReferenceEquals(
            ReferenceEquals(changed, saved) ? Assignments : Interlocked.CompareExchange(ref _assignments, changed, saved), saved));
    }

    /// <summary>Adds an assignment from the platform's history, unless the experiment has one already.</summary>
    internal void Remember(long experimentId, long variationId, DateTimeOffset time)
    {
        if (IndexOf(Assignments, experimentId) < 0)
        {
            Save(experimentId, variationId, time);
            if (time >= Started)
            {
                // Only assignments of the current visit count as reported; earlier ones are reported again.
                TryReport(experimentId, variationId);
            }
        }
    }

    /// <summary>Marks a dropped event as not reported, so that it can be reported again.</summary>
    internal void Unreport(in TrackingEvent dropped)
    {
        if (dropped.Kind == TrackingEventKind.Exposure)
        {
            Unreport(dropped.Id, dropped.VariationId);
        }
        else if (dropped.Data is CustomData { IsMappingIdentifier: true })
        {
            Known.Mapping?.Return(dropped.Origin.VisitorCode);
        }
        else if (dropped.Data is Conversion { Key: { } key })
        {
            ConversionMarks.TryClear(this, key, out _, out _);
        }
    }

    /// <summary>Marks an exposure as not reported.</summary>
    internal void Unreport(long experimentId, long variationId)
    {
        SavedAssignment[] saved;
        do
        {
            saved = Assignments;
            if (IndexOf(saved, experimentId) is var place and >= 0 && saved[place].VariationId == variationId)
            {
                saved[place].Unreport();
            }
        }
        while (!ReferenceEquals(saved, Assignments));
    }

    /// <summary>Notes that the server reports an assignment.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="variationId">The variation.</param>
    /// <param name="evenIfEngines">Whether to report assignments that were handed to the engine, because the page
    /// reports that the engine did not run.</param>
    /// <returns>False when it was reported before, in this session.</returns>
    internal bool TryReport(long experimentId, long variationId, bool evenIfEngines = false)
    {
        var isFirst = false;
        while (true)
        {
            var saved = Assignments;
            var place = IndexOf(saved, experimentId);
            if (place < 0 || saved[place].VariationId != variationId)
            {
                return true;
            }

            isFirst |= saved[place].TryReport(evenIfEngines);
            if (ReferenceEquals(saved, Assignments))
            {
                return isFirst;
            }
        }
    }

    /// <summary>Returns the variation that the visitor has in an experiment, or null.</summary>
    internal long? FindVariation(long experimentId) =>
        Assignments is var saved && IndexOf(saved, experimentId) is var place and >= 0
            ? saved[place].VariationId
            : null;

    /// <summary>Whether an assignment was reported in this session, or handed to the engine.</summary>
    internal bool IsReported(long experimentId, long variationId) =>
        Array.Exists(Assignments, saved =>
            saved.ExperimentId == experimentId && saved.VariationId == variationId && saved.IsReported);

    /// <summary>Notes whether the engine was given an assignment, so that the server does not report it in this session.
    /// </summary>
    /// <returns>Whether this call changed the mark.</returns>
    internal bool SetEngines(long experimentId, long variationId, bool isEngines)
    {
        var isChanged = false;
        SavedAssignment[] saved;
        do
        {
            saved = Assignments;
            if (IndexOf(saved, experimentId) is var place and >= 0 && saved[place].VariationId == variationId)
            {
                isChanged |= saved[place].SetEngines(isEngines);
            }
        }
        while (!ReferenceEquals(saved, Assignments));

        return isChanged;
    }

    // One flag is decided again and again, or all flags in one order. So a search begins where the last one ended; that does not
    // alter what it finds.
    private int IndexOf(SavedAssignment[] saved, long experimentId)
    {
        var place = SavedAssignment.IndexOf(saved, experimentId, Math.Min(_lastFound, saved.Length));
        _lastFound = Math.Max(place, 0);
        return place;
    }
}
