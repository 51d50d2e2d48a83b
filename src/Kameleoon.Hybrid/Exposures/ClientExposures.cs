using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The exposures of one client: entered by decisions, given to the engine by tags, reported by the server
/// otherwise.</summary>
internal sealed class ClientExposures(string visitorCode, KameleoonClientServices services, RequestVisitor? request)
{
    private ExposureLedger _ledger = new();

    private ExposureLedger Ledger => Volatile.Read(ref _ledger);

    internal void Enter(in Exposure exposure, bool track, DataFile? dataFile)
    {
        // Without a page there is nothing to wait for.
        if (Ledger.Enter(exposure, track) is { } opened && request?.IsOver != false && opened.GiveToServer())
        {
            Report(opened.Exposure, dataFile);
        }
    }

    /// <summary>What is not reported yet, in the order of decision; it belongs to the engine from now on.</summary>
    internal List<Exposure> TakeForEngine(DataFile? dataFile) => Carried(dataFile, entry => entry.GiveToEngine());

    /// <summary>The same with what was only looked at, by experiment.</summary>
    internal IEnumerable<Exposure> TakeAllForEngine(DataFile? dataFile) =>
        Carried(dataFile, entry => entry.GiveToEngineUntracked()).OrderBy(exposure => exposure.ExperimentId);

    /// <summary>The response is complete: what no tag carried is the server's to report, if anybody saw it.</summary>
    internal void Complete(bool seen, DataFile? dataFile)
    {
        var reported = Ledger.Entries().Where(entry =>
            entry.GiveToServer() || (services.ExposureBy == ExposureOwner.Both && entry.IsOwnedByEngine));
        foreach (var entry in reported)
        {
            if (seen)
            {
                Report(entry.Exposure, dataFile);
            }
            else
            {
                services.Drop("unseen");
            }
        }
    }

    /// <summary>Gives up what was decided so far for a response that is being thrown away.</summary>
    internal void StartOver()
    {
        foreach (var entry in Interlocked.Exchange(ref _ledger, new ExposureLedger()).Entries())
        {
            if (entry.GiveToServer())
            {
                services.Drop("unseen");
            }
        }
    }

    private List<Exposure> Carried(DataFile? dataFile, Func<ExposureLedger.Entry, bool> take)
    {
        if (services.ExposureBy == ExposureOwner.Server
            || Ledger.IsEmpty
            || (dataFile is not null && request?.IsShared(dataFile) == false))
        {
            return [];
        }

        // An undecided visitor's exposures are the engine's to hold; after a refusal it gets deliveries only.
        var isRefused = dataFile is not null && services.Consent.Of(visitorCode, dataFile) == Consent.Refused;
        return
        [
            .. Ledger.Entries()
                .Where(entry => (!isRefused || entry.Exposure.IsTargetedDelivery) && take(entry))
                .Select(entry => entry.Exposure),
        ];
    }

    private void Report(in Exposure exposure, DataFile? dataFile) =>
        services.Report(visitorCode, request?.UserAgent, exposure, dataFile);
}
