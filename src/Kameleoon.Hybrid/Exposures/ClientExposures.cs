using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The exposures of one client: entered by decisions, given to the engine by tags, reported by the server
/// otherwise.</summary>
internal sealed class ClientExposures(string visitorCode, KameleoonClientServices services, RequestVisitor? request)
{
    private ExposureLedger _ledger = new();

    internal ExposureLedger Ledger => Volatile.Read(ref _ledger);

    internal void Enter(in Exposure exposure, bool track, DataFile? dataFile)
    {
        // Without a page there is nothing to wait for.
        if (Ledger.Enter(exposure, track) is { } opened && request?.IsOver != false && opened.GiveToServer())
        {
            Report(opened.Exposure, dataFile);
        }

        NoteForCopies();
    }

    /// <summary>What is not reported yet, in the order of decision; it belongs to the engine from now on.</summary>
    internal Exposure[] TakeForEngine(DataFile? dataFile) => Take(dataFile, untracked: false);

    /// <summary>The same with what was only looked at, by experiment.</summary>
    internal Exposure[] TakeAllForEngine(DataFile? dataFile)
    {
        var all = Take(dataFile, untracked: true);
        Array.Sort(all, static (left, right) => left.ExperimentId.CompareTo(right.ExperimentId));
        return all;
    }

    /// <summary>Counts an exposure by a page that was made for another visitor.</summary>
    internal void CountCopied(in Exposure exposure, bool isEngines, bool seen, DataFile dataFile)
    {
        if (isEngines && services.ExposureBy != ExposureOwner.Both)
        {
            return;
        }

        if (seen)
        {
            Report(exposure, dataFile);
        }
        else
        {
            services.Drop("unseen");
        }
    }

    /// <summary>The response is complete: what no tag carried is the server's to report, if anybody saw it.</summary>
    internal void Complete(bool seen, DataFile? dataFile)
    {
        foreach (var entry in Ledger)
        {
            var isReportedTwice = services.ExposureBy == ExposureOwner.Both && entry is { IsOwnedByEngine: true, IsTracked: true };
            if (!entry.GiveToServer() && !isReportedTwice)
            {
                continue;
            }

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
        foreach (var entry in Interlocked.Exchange(ref _ledger, new ExposureLedger()))
        {
            if (entry.GiveToServer())
            {
                services.Drop("unseen");
            }
        }
    }

    private Exposure[] Take(DataFile? dataFile, bool untracked)
    {
        var ledger = Ledger;
        if (services.ExposureBy == ExposureOwner.Server
            || ledger.IsEmpty
            || (dataFile is not null && request?.IsShared(dataFile) == false))
        {
            return [];
        }

        // An undecided visitor's exposures are the engine's to hold; after a refusal it gets deliveries only.
        var isRefused = dataFile is not null && services.Consent.Of(visitorCode, dataFile) == Consent.Refused;
        var taken = new Exposure[ledger.Count()];
        var count = 0;
        foreach (var entry in ledger)
        {
            // What a parallel handler decided since the count is left to the next tag, or to the server.
            if (count < taken.Length
                && (!isRefused || entry.Exposure.IsTargetedDelivery)
                && (untracked ? entry.GiveToEngineUntracked() : entry.GiveToEngine()))
            {
                taken[count++] = entry.Exposure;
            }
        }

        Array.Resize(ref taken, count);
        NoteForCopies();
        return taken;
    }

    // The cache copies the headers when the first byte leaves. What comes later no copy would know of.
    private void NoteForCopies()
    {
        if (request is not { Cell: not null, Context: { } current })
        {
            return;
        }

        if (current.Response.HasStarted)
        {
            ResponseCaching.ForbidOutputCache(current);
        }
        else
        {
            VariationCell.Note(current.Response, Ledger);
        }
    }

    private void Report(in Exposure exposure, DataFile? dataFile) =>
        services.Report(visitorCode, request?.UserAgent, exposure, dataFile);
}
