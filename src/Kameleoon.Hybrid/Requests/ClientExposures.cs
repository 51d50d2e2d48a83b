using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The exposures of one client: added by decisions, passed to the engine by tags, and otherwise reported by the
/// server.</summary>
internal sealed partial class ClientExposures(KnownVisitor visitor)
{
    private ExposureLedger _ledger = new();
    private DataFile? _dataFile;
    private bool _hasActivity;
    private int _decidedAt;

    internal ExposureLedger Ledger => Volatile.Read(ref _ledger);

    private VisitorServices Services => visitor.Visitors;

    private IRequestVisitor? InRequest => visitor.InRequest;

    private bool HasEngine => Services.Exposures.Owner != ExposureOwner.Server;

    /// <summary>Whether exposures can be passed to the engine.</summary>
    internal bool HasOpen => Ledger.HasOpen || Services.Carried.IsWaiting(visitor.Code);

    /// <summary>Returns the data file of the page: the one in force when it was first asked for.</summary>
    internal DataFile? Pin(ConfigurationStore configuration) => Volatile.Read(ref _dataFile)
        ?? Interlocked.CompareExchange(ref _dataFile, configuration.DataFile, null)
        ?? Volatile.Read(ref _dataFile);

    /// <summary>Notes when the first flag was decided, by the guard's clock.</summary>
    internal void NoteDecided(VariationGuard guard)
    {
        if (_decidedAt == 0)
        {
            Volatile.Write(ref _decidedAt, guard.Now);
        }
    }

    /// <summary>Adds an exposure of a client outside of requests. Tracked ones are reported already.</summary>
    internal void Note(in Exposure exposure, bool track) => Ledger.Add(exposure, track)?.GiveToServer();

    internal void Enter(in Exposure exposure, bool track, DataFile? dataFile)
    {
        InRequest?.NoticeErrorPage();
        var entered = Add(exposure, track);
        if (track && InRequest is null or { Request.HasPage: false })
        {
            ReportAtOnce(exposure, entered, dataFile);
        }

        NoteForCopies();
        if (entered is not null)
        {
            InRequest?.Request.ChangePage();
        }
    }

    /// <summary>Reports that the visitor is active after a tracked decision without an exposure, unless the response has
    /// another exposure.</summary>
    internal void ReportActivity(DataFile dataFile)
    {
        if (InRequest?.FindSimulation(dataFile) is not null)
        {
            // A simulated variation is not reported.
            return;
        }

        if (InRequest is { Request.HasPage: true })
        {
            Volatile.Write(ref _hasActivity, true);
        }
        else if (InRequest is not { Request.IsBot: true })
        {
            visitor.ReportActivity(dataFile);
        }
    }

    /// <summary>Takes the exposures that were not reported yet, in the order of decision. The engine reports them.</summary>
    internal ExposureEntry[] TakeForEngine(DataFile? dataFile) =>
        HasEngine ? TakeWithCarried(dataFile, static entry => entry.GiveToEngine()) : [];

    /// <summary>Takes the exposures of a page that was fetched ahead. The page reports them to the server once it is shown.</summary>
    internal ExposureEntry[] TakeForPage(DataFile? dataFile) => Take(dataFile, static entry => entry.GiveToPage());

    /// <summary>Takes the exposures for the engine, those of untracked decisions included, by experiment.</summary>
    internal ExposureEntry[] TakeAllForEngine(DataFile? dataFile)
    {
        var isSent = InRequest?.Request.Context is not { } current || ResponseOutcomes.HasBody(current);
        var all = HasEngine && isSent ? TakeWithCarried(dataFile, static entry => entry.GiveToEngineUntracked()) : [];
        Array.Sort(all, static (left, right) => left.Exposure.ExperimentId.CompareTo(right.Exposure.ExperimentId));
        return all;
    }

    /// <summary>Takes back what a tag of this page passed to the engine, so that another tag or the server has it.</summary>
    internal void TakeBack(ExposureEntry[] taken)
    {
        foreach (var entry in taken)
        {
            entry.NoteUnsent();
            TakeBack(entry);
        }

        NoteForCopies();
        InRequest?.Request.ChangePage();
    }

    private void TakeBack(ExposureEntry entry)
    {
        if (entry.TakeBack())
        {
            ExposurePolicy.UnmarkEngines(visitor.Find(), entry);
        }
    }

    // An error page that replaces the page at the same time may have missed it. The error page has it then.
    private ExposureEntry? Add(in Exposure exposure, bool track)
    {
        while (true)
        {
            var ledger = Ledger;
            var entered = ledger.Add(exposure, track);
            if (ReferenceEquals(ledger, Ledger) || entered?.Withdraw() != true)
            {
                return entered;
            }
        }
    }

    private ExposureEntry[] TakeWithCarried(DataFile? dataFile, Func<ExposureEntry, bool> give)
    {
        InRequest?.NoticeErrorPage();
        if (InRequest is not { Cell: not null }
            && (dataFile is null || InRequest?.IsShared(dataFile) != false))
        {
            EnterCarried(dataFile);
        }

        return Take(dataFile, give);
    }

    // Two variations of one experiment cannot both be the page's.
    private void EnterCarried(DataFile? dataFile)
    {
        foreach (var carried in Services.Carried.Take(visitor.Code, isAhead: InRequest is { IsFetchedAhead: true }))
        {
            if (!Ledger.HasOtherVariation(carried.Exposure))
            {
                Ledger.Add(carried.Exposure, track: true);
            }
            else if (carried.IsAhead)
            {
                Services.Drop(ExposureStates.ReasonOf(ExposureState.Unseen));
            }
            else
            {
                visitor.Report(carried.Exposure, ResponseOutcome.Redirect, dataFile);
            }
        }
    }

    private ExposureEntry[] Take(DataFile? dataFile, Func<ExposureEntry, bool> give)
    {
        var ledger = Ledger;
        if (ledger.IsEmpty
            || (dataFile is not null && InRequest?.IsShared(dataFile) == false))
        {
            return [];
        }

        // The engine holds the exposures of a visitor who has not answered. After a refusal it gets targeted deliveries only.
        var consent = ConsentUnder(dataFile);
        var taken = new ExposureEntry[ledger.Count()];
        var count = 0;
        foreach (var entry in ledger)
        {
            // Exposures that a parallel handler added after the count are left to the next tag, or to the server.
            if (count < taken.Length
                && (consent != Consent.Refused || entry.Exposure.IsTargetedDelivery)
                && give(entry))
            {
                taken[count++] = entry;
                NoteEngines(entry, consent);
            }
        }

        Array.Resize(ref taken, count);
        NotePage(ledger, count);
        NoteForCopies();
        return taken;
    }

    private Consent ConsentUnder(DataFile? dataFile) =>
        dataFile is null ? Consent.Given : Services.Consent.Of(visitor.Code, dataFile);

    // A page fetched ahead may never be shown. What the engine holds until the visitor answers is lost with the page, so that the
    // server reports a later decision.
    private void NoteEngines(ExposureEntry entry, Consent consent)
    {
        if (entry is { IsOwnedByEngine: true, IsTracked: true }
            && (consent != Consent.Unknown || entry.Exposure.IsTargetedDelivery)
            && InRequest is not { IsFetchedAhead: true })
        {
            Services.Exposures.MarkEngines(visitor.Find(), entry);
        }
    }

    private void NotePage(ExposureLedger ledger, int taken)
    {
        if (taken > 0 && InRequest is { IsFetchedAhead: false, Request.Context.Request: { } page })
        {
            Services.Handed.Note(visitor.Code, page, ledger);
        }
    }

    // The cache copies the headers when the response starts. Later exposures would be missing in its copies.
    private void NoteForCopies()
    {
        if (InRequest is not { Cell: not null, Request.Context: { } current })
        {
            return;
        }

        if (!UnstartedResponse.TryChange(current.Response, Ledger, VariationCell.WriteHeader))
        {
            ResponseCaching.ForbidOutputCache(current);
        }
    }

    // Without a page there is no tag to wait for. Such a client may be used for hours. The session has the mark of
    // exposures that were reported before, unless a page reports them.
    private void ReportAtOnce(in Exposure exposure, ExposureEntry? opened, DataFile? dataFile)
    {
        if (InRequest?.DispositionFor(ResponseOutcome.Long).Discarded is { } reason)
        {
            if (opened?.Discard(reason) ?? reason == ExposureState.Bot)
            {
                Services.Drop(ExposureStates.ReasonOf(reason));
            }
        }
        else if (opened?.GiveToServer() ?? !Ledger.IsOfPage(exposure))
        {
            visitor.Report(exposure, InRequest is null ? ResponseOutcome.None : ResponseOutcome.Long, dataFile);
        }
    }
}
