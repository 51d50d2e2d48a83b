using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

// Who reports the exposures once it is known what became of the response.
internal sealed partial class ClientExposures
{
    /// <summary>Reports an exposure of a cached copy, if the server has to.</summary>
    internal void CountCopied(in Exposure exposure, bool isEngines, in Settlement settlement, DataFile dataFile)
    {
        if (settlement.Discarded is { } reason)
        {
            services.Drop(ExposureStates.ReasonOf(reason));
            return;
        }

        if (isEngines)
        {
            services.Exposures.SetEngines(visitor.Find(), exposure, isEngines: true);
        }

        if (!isEngines || services.Exposures.Owner == ExposureOwner.Both)
        {
            Report(exposure, settlement.Outcome, dataFile);
        }
    }

    /// <summary>Settles the exposures that no tag took: the server reports them, the visitor's next page does, or they are
    /// discarded.</summary>
    internal void Complete(in Settlement settlement, DataFile? dataFile)
    {
        Settle(Ledger, settlement, dataFile);
        if (Interlocked.Exchange(ref _hasActivity, false) && settlement.IsSeen && !Ledger.IsTracked)
        {
            SendActivity(dataFile);
        }

        if (settlement.TakesCarried)
        {
            foreach (var carried in services.Carried.Take(visitor.Code))
            {
                Report(carried.Exposure, settlement.Outcome, dataFile);
            }
        }
    }

    /// <summary>An error page replaces the page: the server reports the failed page's exposures.</summary>
    internal void StartOver(in Settlement settlement, DataFile? dataFile)
    {
        Volatile.Write(ref _hasActivity, false);
        Settle(Interlocked.Exchange(ref _ledger, new ExposureLedger()), settlement, dataFile);
    }

    private void Settle(ExposureLedger ledger, in Settlement settlement, DataFile? dataFile)
    {
        foreach (var entry in ledger)
        {
            if (settlement.HasLostBody && entry.TakeBack())
            {
                services.Exposures.SetEngines(visitor.Find(), entry.Exposure, isEngines: false);
            }

            Settle(entry, settlement, dataFile);
        }
    }

    private void Settle(ExposureEntry entry, in Settlement settlement, DataFile? dataFile)
    {
        if (settlement.Discarded is { } reason)
        {
            if (entry.Discard(reason) || IsReportedTwice(entry))
            {
                services.Drop(ExposureStates.ReasonOf(reason));
            }
        }
        else if (settlement.Outcome == ResponseOutcome.Redirect && HasEngine && entry.Carry())
        {
            if (!services.Carried.TryCarry(visitor.Origin, entry.Exposure))
            {
                Report(entry.Exposure, settlement.Outcome, dataFile);
            }
        }
        else if (entry.GiveToServer() || IsReportedTwice(entry))
        {
            Report(entry.Exposure, settlement.Outcome, dataFile);
        }
    }

    private bool IsReportedTwice(ExposureEntry entry) =>
        services.Exposures.Owner == ExposureOwner.Both && entry is { IsOwnedByEngine: true, IsTracked: true };
}
