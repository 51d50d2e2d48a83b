using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

// Outside of requests clients are created for single calls. What such a client has decided is noted as one object, the variation
// or the decisions about all flags, until there is more to keep: that takes a ledger.
internal sealed partial class KameleoonClient
{
    private ClientExposures? _exposures;
    private object? _tracked;
    private object? _untracked;

    private ClientExposures Exposures
    {
        get
        {
            if (Volatile.Read(ref _exposures) is { } known)
            {
                return known;
            }

            var added = new ClientExposures(this);
            AddNotes(added);
            return Interlocked.CompareExchange(ref _exposures, added, null) ?? AddNotes(added);
        }
    }

    private bool MayNote => InRequest is null && Volatile.Read(ref _exposures) is null;

    private bool TryNote(in Decision decision, bool track)
    {
        ref var place = ref (track ? ref _tracked : ref _untracked);
        var noted = Volatile.Read(ref place);
        return MayNote && (IsNoted(noted, decision)
            || (decision.Holdout is null
                && noted is null
                && (Volatile.Read(ref (track ? ref _untracked : ref _tracked)) is not { } other || IsNoted(other, decision))
                && TryNote(ref place, noted, decision.Variation)));
    }

    private bool TryNote(FlagDecisions all, bool track)
    {
        ref var place = ref (track ? ref _tracked : ref _untracked);
        var noted = Volatile.Read(ref place);
        return MayNote && (ReferenceEquals(noted, all)
            || (IsPart(noted, all)
                && IsPart(Volatile.Read(ref (track ? ref _untracked : ref _tracked)), all)
                && TryNote(ref place, noted, all)));
    }

    // The exposures may be created meanwhile, and may have missed the note.
    private bool TryNote(ref object? place, object? noted, object added)
    {
        if (!ReferenceEquals(Interlocked.CompareExchange(ref place, added, noted), noted))
        {
            return false;
        }

        if (Volatile.Read(ref _exposures) is { } created)
        {
            AddNotes(created);
        }

        return true;
    }

    private static bool IsNoted(object? noted, in Decision decision) =>
        noted is FlagDecisions all
            ? all.Contains(decision)
            : decision.Holdout is null && ReferenceEquals(noted, decision.Variation);

    private static bool IsPart(object? noted, FlagDecisions all) =>
        noted is null || ReferenceEquals(noted, all) || (noted is Variation one && all.Values.Contains(one));

    private ClientExposures AddNotes(ClientExposures exposures)
    {
        if (InRequest is not null)
        {
            return exposures; // Notes nothing.
        }

        var dataFile = Services.Configuration.DataFile;
        AddNote(exposures, Volatile.Read(ref _untracked), track: false, dataFile);
        AddNote(exposures, Volatile.Read(ref _tracked), track: true, dataFile);
        return exposures;
    }

    private static void AddNote(ClientExposures exposures, object? noted, bool track, DataFile? dataFile)
    {
        if (noted is FlagDecisions all)
        {
            foreach (var exposure in new ExposureSequence(all))
            {
                exposures.Note(exposure, track);
            }
        }
        else if (noted is Variation { ExperimentId: { } experiment, Id: { } id }
            && dataFile is not null
            && Exposure.Find(dataFile, experiment, id) is { } one)
        {
            exposures.Note(one, track);
        }
    }
}
