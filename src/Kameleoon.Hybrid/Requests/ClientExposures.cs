using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The exposures of one client: entered by decisions, given to the engine by tags, reported by the server
/// otherwise.</summary>
internal sealed class ClientExposures(
    string visitorCode,
    KnownVisitor visitor,
    KameleoonClientServices services,
    RequestVisitor? request)
{
    private ExposureLedger _ledger = new();
    private bool _isThere;

    internal ExposureLedger Ledger => Volatile.Read(ref _ledger);

    private bool HasEngine => services.ExposureBy != ExposureOwner.Server;

    internal void Enter(in Exposure exposure, bool track, DataFile? dataFile)
    {
        var entered = Ledger.Enter(exposure, track);
        if (track && request is null or { HasPage: false })
        {
            ReportAtOnce(exposure, entered, dataFile);
        }

        NoteForCopies();
    }

    /// <summary>A tracked decision led to no exposure: the platform hears that the visitor is there, unless it hears more.
    /// </summary>
    internal void Attend(DataFile dataFile)
    {
        if (request?.FindSimulation(dataFile) is not null)
        {
            // What is only looked at is not reported.
            return;
        }

        if (request is { HasPage: true })
        {
            Volatile.Write(ref _isThere, true);
        }
        else if (request is not { IsBot: true })
        {
            ReportPresence(dataFile);
        }
    }

    /// <summary>What is not reported yet, in the order of decision; it belongs to the engine from now on.</summary>
    internal Exposure[] TakeForEngine(DataFile? dataFile) =>
        HasEngine ? Take(dataFile, static entry => entry.GiveToEngine()) : [];

    /// <summary>What is not reported yet of a page that was fetched ahead, and tells the server once it is shown.</summary>
    internal Exposure[] TakeForPage(DataFile? dataFile) => Take(dataFile, static entry => entry.GiveToPage());

    /// <summary>The same with what was only looked at, by experiment.</summary>
    internal Exposure[] TakeAllForEngine(DataFile? dataFile)
    {
        var all = HasEngine ? Take(dataFile, static entry => entry.GiveToEngineUntracked()) : [];
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

        if (Interlocked.Exchange(ref _isThere, false) && seen && !Ledger.IsTracked)
        {
            ReportPresence(dataFile);
        }
    }

    /// <summary>Gives up what was decided so far for a response that is being thrown away.</summary>
    internal void StartOver()
    {
        Volatile.Write(ref _isThere, false);
        foreach (var entry in Interlocked.Exchange(ref _ledger, new ExposureLedger()))
        {
            if (entry.GiveToServer())
            {
                services.Drop("unseen");
            }
        }
    }

    private Exposure[] Take(DataFile? dataFile, Func<ExposureLedger.Entry, bool> give)
    {
        var ledger = Ledger;
        if (ledger.IsEmpty
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
                && give(entry))
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

    // Without a page there is nothing to wait for. Such a client may live long: whether the exposure is news, the session
    // knows, unless a page has it.
    private void ReportAtOnce(in Exposure exposure, ExposureLedger.Entry? opened, DataFile? dataFile)
    {
        if (request is { IsBot: true })
        {
            services.Drop("bot");
        }
        else if (opened?.GiveToServer() ?? !Ledger.IsOfPage(exposure))
        {
            Report(exposure, dataFile);
        }
    }

    private void ReportPresence(DataFile? dataFile) =>
        visitor.Reports.Report(TrackingEvent.Activity(visitor.Origin), dataFile);

    private void Report(in Exposure exposure, DataFile? dataFile)
    {
        if (services.IsRepeated(visitorCode, exposure))
        {
            services.Drop("repeated");
            return;
        }

        visitor.Reports.Report(TrackingEvent.Exposure(visitor.Origin, exposure), dataFile);
    }
}
