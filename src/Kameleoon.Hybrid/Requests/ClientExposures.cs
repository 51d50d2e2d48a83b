using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The exposures of one client: added by decisions, passed to the engine by tags, and otherwise reported by the
/// server.</summary>
internal sealed class ClientExposures(KnownVisitor visitor, VisitorServices services, IRequestVisitor? request)
{
    private ExposureLedger _ledger = new();
    private bool _hasActivity;

    internal ExposureLedger Ledger => Volatile.Read(ref _ledger);

    private bool HasEngine => services.Exposures.Owner != ExposureOwner.Server;

    // The browser has another code than the one generated for a request without its cookie.
    private string ReasonUnseen =>
        request is { Request: { Resolved.IsStandIn: true, IsBot: false } } ? "unshared" : "unseen";

    internal void Enter(in Exposure exposure, bool track, DataFile? dataFile)
    {
        var entered = Ledger.Enter(exposure, track);
        if (track && request is null or { Request.HasPage: false })
        {
            ReportAtOnce(exposure, entered, dataFile);
        }

        NoteForCopies();
    }

    /// <summary>Reports that the visitor is active after a tracked decision without an exposure, unless the response has
    /// another exposure.</summary>
    internal void ReportActivity(DataFile dataFile)
    {
        if (request?.FindSimulation(dataFile) is not null)
        {
            // A simulated variation is not reported.
            return;
        }

        if (request is { Request.HasPage: true })
        {
            Volatile.Write(ref _hasActivity, true);
        }
        else if (request is not { Request.IsBot: true })
        {
            SendActivity(dataFile);
        }
    }

    /// <summary>Takes the exposures that were not reported yet, in the order of decision. The engine reports them.</summary>
    internal Exposure[] TakeForEngine(DataFile? dataFile) =>
        HasEngine ? Take(dataFile, static entry => entry.GiveToEngine()) : [];

    /// <summary>Takes the exposures of a page that was fetched ahead. The page reports them to the server once it is shown.</summary>
    internal Exposure[] TakeForPage(DataFile? dataFile) => Take(dataFile, static entry => entry.GiveToPage());

    /// <summary>Takes the exposures for the engine, those of untracked decisions included, by experiment.</summary>
    internal Exposure[] TakeAllForEngine(DataFile? dataFile)
    {
        var all = HasEngine ? Take(dataFile, static entry => entry.GiveToEngineUntracked()) : [];
        Array.Sort(all, static (left, right) => left.ExperimentId.CompareTo(right.ExperimentId));
        return all;
    }

    /// <summary>Reports an exposure of a cached copy, if the server has to.</summary>
    internal void CountCopied(in Exposure exposure, bool isEngines, bool seen, DataFile dataFile)
    {
        if (isEngines && services.Exposures.Owner != ExposureOwner.Both)
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

    /// <summary>Reports the exposures that no tag took, or drops them if the response was not seen.</summary>
    internal void Complete(bool seen, DataFile? dataFile)
    {
        foreach (var entry in Ledger)
        {
            var isReportedTwice = services.Exposures.Owner == ExposureOwner.Both && entry is { IsOwnedByEngine: true, IsTracked: true };
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
                services.Drop(ReasonUnseen);
            }
        }

        if (Interlocked.Exchange(ref _hasActivity, false) && seen && !Ledger.IsTracked)
        {
            SendActivity(dataFile);
        }
    }

    /// <summary>Drops the exposures of a response that is discarded.</summary>
    internal void StartOver()
    {
        Volatile.Write(ref _hasActivity, false);
        foreach (var entry in Interlocked.Exchange(ref _ledger, new ExposureLedger()))
        {
            if (entry.GiveToServer())
            {
                services.Drop(ReasonUnseen);
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

        // The engine holds the exposures of a visitor who has not answered. After a refusal it gets targeted deliveries only.
        var isRefused = dataFile is not null && services.Consent.Of(visitor.Code, dataFile) == Consent.Refused;
        var taken = new Exposure[ledger.Count()];
        var count = 0;
        foreach (var entry in ledger)
        {
            // Exposures that a parallel handler added after the count are left to the next tag, or to the server.
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

    // The cache copies the headers when the response starts. Later exposures would be missing in its copies.
    private void NoteForCopies()
    {
        if (request is not { Cell: not null, Request.Context: { } current })
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

    // Without a page there is no tag to wait for. Such a client may live long: the session tells whether the exposure was
    // reported before, unless a page reports it.
    private void ReportAtOnce(in Exposure exposure, ExposureLedger.Entry? opened, DataFile? dataFile)
    {
        if (request is { Request.IsBot: true })
        {
            services.Drop("bot");
        }
        else if (opened?.GiveToServer() ?? !Ledger.IsOfPage(exposure))
        {
            Report(exposure, dataFile);
        }
    }

    private void SendActivity(DataFile? dataFile) =>
        visitor.Reports.Report(TrackingEvent.Activity(visitor.Origin), dataFile);

    private void Report(in Exposure exposure, DataFile? dataFile)
    {
        if (services.Exposures.IsRepeated(visitor.Code, exposure))
        {
            services.Drop("repeated");
            return;
        }

        visitor.Reports.Report(TrackingEvent.Exposure(visitor.Origin, exposure), dataFile);
    }
}
