using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

// How decisions become exposures.
internal sealed partial class KameleoonClient
{
    /// <summary>Reports a decision, and enters its exposures.</summary>
    /// <returns>Whether there are any.</returns>
    private bool Enter(string featureKey, in Decision decision, bool track, DataFile dataFile)
    {
        Services.Decisions.Decided(featureKey, decision.Flag, decision.Variation, Code, track, Request);
        return Enter(decision, track, dataFile);
    }

    private bool Enter(in Decision decision, bool track, DataFile dataFile)
    {
        if (track && decision.Variation.Reason is (DecisionReason.Simulated or DecisionReason.Bot))
        {
            Services.Visitors.Drop(decision.Variation.Reason == DecisionReason.Bot ? "bot" : "simulation");
        }

        if (track && decision.Variation.Reason == DecisionReason.Bot)
        {
            Services.Visitors.Exposures.DecidedForBot(decision.Flag);
        }

        if (decision is { Variation: { Reason: DecisionReason.Forced, ExperimentId: { } forced } })
        {
            Services.Visitors.Exposures.Exclude(Code, forced);
        }

        ReportWaiting(track, dataFile);
        var exposed = Exposure.Of(decision.Holdout);
        if (exposed is { } holdout)
        {
            Enter(holdout, isNoted: TryNote(decision, track), track, dataFile);
        }

        if (Exposure.Of(decision.Variation, decision.Flag, decision.Rule) is { } exposure)
        {
            exposed = exposure;
            Enter(exposure, isNoted: TryNote(decision, track), track, dataFile);
        }

        return exposed is not null;
    }

    private void Enter(in Exposure exposure, bool isNoted, bool track, DataFile dataFile)
    {
        if (isNoted && Found is null)
        {
            EnterBriefly(exposure, track, dataFile);
            return;
        }

        Save(exposure);
        if (!isNoted)
        {
            Exposures.Enter(exposure, track, dataFile);
        }
        else if (track)
        {
            Report(exposure, ResponseOutcome.None, dataFile);
        }
    }

    // Jobs decide once for most visitors. The client does not keep the session, so that it can become a row.
    private void EnterBriefly(in Exposure exposure, bool track, DataFile dataFile)
    {
        var store = Services.Visitors.Store;
        using var use = store.GetOrCreateInUse(Code);
        store.Save(use.Session!, exposure.ExperimentId, exposure.VariationId);
        if (track)
        {
            Report(exposure, ResponseOutcome.None, dataFile, use.Session);
        }
    }

    /// <summary>Enters the exposures of all decisions of a client outside of requests.</summary>
    /// <returns>Whether there are any; null where each has to be entered by itself.</returns>
    private bool? TryEnterAll(FlagDecisions all, bool track, DataFile dataFile)
    {
        if (all.DependOnAssignments || !TryNote(all, track))
        {
            return null;
        }

        if (Services.Decisions.IsOn)
        {
            Services.Decisions.Decided(all, Code, track);
        }

        ReportWaiting(track, dataFile);
        var (store, policy) = (Services.Visitors.Store, Services.Visitors.Exposures);
        var isRepeated = track && policy.ReportsOnce && !dataFile.ConsentRequired;
        var areKept = store.Keeps(Session, all, areReported: isRepeated, out var count);
        if (areKept && isRepeated)
        {
            Services.Visitors.Drop("repeated", count);
        }
        else if (count > 0 && (track || !areKept))
        {
            EnterAll(all, count, track, dataFile);
        }

        return count > 0;
    }

    private void EnterAll(FlagDecisions all, int count, bool track, DataFile dataFile)
    {
        var session = Session ?? FindOrCreate();
        Services.Visitors.Store.SaveAll(session, all, count);
        if (track)
        {
            ReportAll(all, dataFile, session);
        }
    }

    private bool EnterEach(DecisionSequence decisions, UnsavedDecisions? unsaved, bool track, DataFile dataFile)
    {
        var all = decisions.Decisions;
        if (unsaved is null)
        {
            SaveTogether(all);
        }
        else
        {
            SaveTogether(decisions, guard: null, unsaved);
        }

        var isExposed = false;
        foreach (ref readonly var decision in all.Enumerate())
        {
            if (decision is { IsDecided: true, Flag: { } flag })
            {
                isExposed |= Enter(flag.Key, decision, track, dataFile);
            }
        }

        return isExposed;
    }

    // Each assignment that is saved by itself copies the others.
    private void SaveTogether(FlagDecisions all)
    {
        var store = Services.Visitors.Store;
        if (!store.Keeps(Session, all, areReported: false, out var count) && count > 0)
        {
            store.SaveAll(Session ?? FindOrCreate(), all, count);
        }
    }

    // Flags that depend on assignments are decided here, and variations withheld.
    private void SaveTogether(DecisionSequence decisions, VariationGuard? guard, UnsavedDecisions unsaved)
    {
        foreach (ref readonly var decision in decisions)
        {
            if (decision is { IsDecided: true, Flag: not null })
            {
                var decided = guard is null ? decision : Guarded(guard, decision);
                unsaved.Add(decided);
                AddTo(unsaved, Exposure.Of(decided.Holdout));
                AddTo(unsaved, Exposure.Of(decided.Variation, decided.Flag, decided.Rule));
            }
        }

        if (unsaved.Count > 0)
        {
            Services.Visitors.Store.SaveAll(Session ?? FindOrCreate(), unsaved.Exposures, unsaved.Count);
        }
    }

    // The session begins with the first assignment, before later flags ask for the visit.
    private void AddTo(UnsavedDecisions unsaved, Exposure? exposure)
    {
        if (exposure is { } added)
        {
            _ = Found ?? FindOrCreate();
            unsaved.Add(added, Services.Visitors.Store.Now);
        }
    }

    private Dictionary<string, Variation> EnterGuarded(
        VariationGuard guard, DecisionSequence decisions, UnsavedDecisions unsaved, bool onlyActive, bool track, DataFile dataFile)
    {
        SaveTogether(decisions, guard, unsaved);
        var (all, isExposed) = (new Dictionary<string, Variation>(StringComparer.Ordinal), false);
        foreach (var decision in unsaved.Decisions)
        {
            var key = decision.Flag!.Key;
            isExposed |= Enter(key, decision, track, dataFile);
            if (!onlyActive || decision.Variation.IsActive)
            {
                all[key] = decision.Variation;
            }
        }

        if (track && !isExposed)
        {
            NoteActivity(dataFile);
        }

        return all;
    }

    // The guard measures the response from here on.
    private void NoteDecided()
    {
        if (Services.Visitors.Exposures.Guard is { } guard && Request is not null)
        {
            Exposures.NoteDecided(guard);
        }
    }

    private void NoteActivity(DataFile dataFile)
    {
        if (InRequest is null)
        {
            ReportActivity(dataFile);
        }
        else
        {
            Exposures.ReportActivity(dataFile);
        }
    }

    private void ReportWaiting(bool track, DataFile dataFile)
    {
        if (track && HasWaitingEvents && !IsBot)
        {
            Services.Reporter.ReportHeld(this, dataFile);
        }
    }
}
