using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

// Assigns the exposures to their owner once the outcome of the response is known.
internal sealed partial class ClientExposures
{
    /// <summary>Reports an exposure of a cached copy, if the server has to.</summary>
    internal void CountCopied(in Exposure exposure, bool isEngines, in ExposureDisposition disposition, DataFile dataFile)
    {
        if (disposition.Discarded is { } reason)
        {
            // The engine of a page fetched ahead reports it when the page is shown.
            if (isEngines && reason == ExposureState.Unseen)
            {
                return;
            }

            Services.Drop(ExposureStates.ReasonOf(reason));
            return;
        }

        if (isEngines && Ledger.Add(exposure, track: true) is { } entered && entered.GiveToEngine())
        {
            entered.NoteWritten(isCertain: true);
            NoteEngines(entered, ConsentUnder(dataFile));
            NotePage(Ledger, taken: 1);
        }

        if (!isEngines)
        {
            visitor.Report(exposure, disposition.Outcome, dataFile);
        }
    }

    /// <summary>Assigns the exposures that no tag took: the server reports them, the visitor's next page does, or they are
    /// discarded.</summary>
    internal void Complete(in ExposureDisposition disposition, DataFile? dataFile)
    {
        Apply(Ledger, disposition, dataFile);
        if (Interlocked.Exchange(ref _hasActivity, false) && disposition.IsSeen && !Ledger.HasTracked)
        {
            visitor.ReportActivity(dataFile);
        }

        if (disposition.TakesCarried)
        {
            foreach (var carried in Services.Carried.Take(visitor.Code, isAhead: false))
            {
                visitor.Report(carried.Exposure, disposition.Outcome, dataFile);
            }
        }
    }

    /// <summary>Keeps for this page what an earlier page passed to the engine, if a script left that page before its tag ran.
    /// </summary>
    internal void TakeBack(HttpRequest current, DataFile? dataFile)
    {
        foreach (var left in Services.Handed.TakeBack(visitor.Code, current))
        {
            Services.Exposures.TakenBack(visitor.Code, visitor.Find(), left);
            if (!Services.Carried.TryCarry(visitor.Origin, left.Exposure))
            {
                visitor.Report(left.Exposure, ResponseOutcome.Redirect, dataFile);
            }
        }
    }

    /// <summary>An error page replaces the page: the server reports the failed page's exposures.</summary>
    internal void StartOver(in ExposureDisposition disposition, DataFile? dataFile)
    {
        Volatile.Write(ref _hasActivity, false);
        Apply(Interlocked.Exchange(ref _ledger, new ExposureLedger()), disposition, dataFile);
    }

    private void Apply(ExposureLedger ledger, in ExposureDisposition disposition, DataFile? dataFile)
    {
        foreach (var entry in ledger)
        {
            do
            {
                if (entry.IsLost(disposition.Lost))
                {
                    TakeBack(entry);
                }

                Apply(entry, disposition, dataFile);
            }
            while (disposition.Lost == LostTags.All && entry is { IsOwnedByEngine: true, IsTracked: true }); // A tag took it meanwhile.

            Services.Exposures.Completed(visitor.Code, entry, disposition, Volatile.Read(ref _decidedAt));
        }
    }

    private void Apply(ExposureEntry entry, in ExposureDisposition disposition, DataFile? dataFile)
    {
        if (disposition is { Discarded: ExposureState.Unseen, Outcome: ResponseOutcome.Redirect } && HasEngine)
        {
            CarryAhead(entry);
        }
        else if (FindDiscardReason(entry, disposition, dataFile) is { } reason)
        {
            Discard(entry, reason);
        }
        else if (disposition.Outcome == ResponseOutcome.Redirect && HasEngine && entry.Carry())
        {
            if (!Services.Carried.TryCarry(visitor.Origin, entry.Exposure))
            {
                visitor.Report(entry.Exposure, disposition.Outcome, dataFile);
            }
        }
        else if (entry.GiveToServer() || IsReportedBesideEngine(entry))
        {
            visitor.Report(entry.Exposure, disposition.Outcome, dataFile);
        }
    }

    private ExposureState? FindDiscardReason(ExposureEntry entry, in ExposureDisposition disposition, DataFile? dataFile) =>
        disposition.Discarded
        ?? (Services.Consent.IsRefused(visitor.Code, entry.Exposure, dataFile) ? ExposureState.Refused : null);

    private void Discard(ExposureEntry entry, ExposureState reason)
    {
        if (entry.Discard(reason) || IsReportedBesideEngine(entry))
        {
            Services.Drop(ExposureStates.ReasonOf(reason));
        }
    }

    // The browser follows the redirect ahead, and may show the page behind it without another request.
    private void CarryAhead(ExposureEntry entry)
    {
        if (entry.Carry() && !Services.Carried.TryCarry(visitor.Origin, entry.Exposure, isAhead: true))
        {
            Services.Drop(ExposureStates.ReasonOf(ExposureState.Unseen));
        }
    }

    private bool IsReportedBesideEngine(ExposureEntry entry) =>
        Services.Exposures.Owner == ExposureOwner.Both && entry.TryReportBesideEngine();
}
