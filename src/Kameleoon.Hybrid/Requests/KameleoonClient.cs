using System.Collections.ObjectModel;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The client of one visitor, inside or outside of a request.</summary>
internal sealed partial class KameleoonClient : KnownVisitor, IKameleoonClient
{
    private static readonly Variation NoConfiguration = Variation.Off(DecisionReason.NoConfiguration);

    internal KameleoonClient(string visitorCode, KameleoonClientServices services, IRequestVisitor? request)
        : base(visitorCode, services, request)
    {
    }

    // The first decision pins the data file until the response is complete, so that a page never mixes two. A client
    // without a page may be used for hours, for example in a job or a circuit. Each call uses the data file in force.
    private DataFile? DataFile => Request is { HasPage: true } ? PageDataFile : Services.Configuration.DataFile;

    private DataFile? PageDataFile => Exposures.Pin(Services.Configuration);

    /// <summary>The version of the page's data file, or null when another one came into force since the page began.</summary>
    internal string? DataFileVersion => Services.Configuration.Snapshot is { } inForce && ReferenceEquals(inForce.DataFile, DataFile)
        ? inForce.Version
        : null;

    internal ExposureLedger Ledger => Exposures.Ledger;

    /// <summary>Whether exposures of the page or of an earlier redirect can be passed to the engine.</summary>
    internal bool HasOpenExposures => Exposures.HasOpen;

    /// <summary>How often exposures of the visitor were taken back from pages that a script left.</summary>
    internal int HandedGeneration => Services.Visitors.Handed.GenerationOf(Code);

    public string GetVisitorCode()
    {
        using var use = new RequestUse(Request);
        InRequest?.Privacy.BecomePersonal();
        return Code;
    }

    public string GetCrossDomainLink(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        using var use = new RequestUse(Request);
        return InRequest?.CompleteLink(address) ?? address;
    }

    public Variation GetVariation(string featureKey, bool track = true)
    {
        ArgumentNullException.ThrowIfNull(featureKey);
        using var use = new RequestUse(Request);
        InRequest?.Privacy.BecomePersonal(featureKey);
        if (DataFile is not { } dataFile)
        {
            Services.Decisions.Decided(featureKey, flag: null, NoConfiguration, Code, track, Request);
            return NoConfiguration;
        }

        Decide(dataFile, featureKey, out var decision);
        InRequest?.Privacy.NoticeDecision(featureKey, decision);
        NoteDecided();
        if (decision.Flag is null)
        {
            Services.Mistakes.ReportUnknownFlag(featureKey, dataFile);
        }

        var isExposed = Enter(featureKey, decision, track, dataFile);
        if (track && !isExposed && decision.Flag is not null && decision.Variation.Reason != DecisionReason.Disabled)
        {
            NoteActivity(dataFile);
        }

        return decision.Variation;
    }

    public IReadOnlyDictionary<string, Variation> GetVariations(bool onlyActive = false, bool track = true)
    {
        using var use = new RequestUse(Request);
        InRequest?.Privacy.BecomePersonal();
        if (DataFile is not { } dataFile)
        {
            return ReadOnlyDictionary<string, Variation>.Empty;
        }

        var unsaved = dataFile.DependsOnAssignments ? new UnsavedDecisions() : null;
        var decisions = DecideAll(dataFile, unsaved);
        NoteDecided();
        if (Services.Visitors.Exposures.Guard is { IsWithholding: true } guard)
        {
            return EnterGuarded(guard, decisions, unsaved ?? new UnsavedDecisions(), onlyActive, track, dataFile);
        }

        var all = decisions.Decisions;
        if (!(TryEnterAll(all, track, dataFile) ?? EnterEach(decisions, unsaved, track, dataFile)) && track)
        {
            NoteActivity(dataFile);
        }

        return onlyActive ? all.Active : all;
    }

    public bool IsFeatureActive(string featureKey, bool track = true) => GetVariation(featureKey, track).IsActive;

    public Explanation? Explain(string featureKey)
    {
        ArgumentNullException.ThrowIfNull(featureKey);
        using var use = new RequestUse(Request);
        InRequest?.Privacy.BecomePersonal();
        if (DataFile is not { } dataFile)
        {
            return null;
        }

        var explanation = dataFile.Explain(featureKey, FactsFor(dataFile));
        return Services.Visitors.Exposures.Guard is { } guard
            ? WithheldDecisions.Explain(explanation, Guarded(guard, explanation.Decision, isCounted: false))
            : explanation;
    }

    public IReadOnlyList<string> GetFeatureList() => [.. GetDataFile()?.Flags.Select(flag => flag.Key) ?? []];

    public DataFile? GetDataFile()
    {
        using var use = new RequestUse(Request);
        return DataFile;
    }

    public string GetEngineTrackingCode()
    {
        using var use = new RequestUse(Request);
        return EngineTrackingCode.Of(NoteWritten(Exposures.TakeAllForEngine(DataFile)));
    }

    /// <summary>Takes the exposures that were not reported yet, in the order of decision. The engine reports them.</summary>
    internal ExposureEntry[] TakeForEngine() => Exposures.TakeForEngine(DataFile);

    /// <summary>Takes them for a script that passes them to the engine.</summary>
    internal ExposureEntry[] TakeForScript() => NoteWritten(TakeForEngine());

    /// <summary>Takes the exposures of a page that was fetched ahead. The page reports them once it is shown.</summary>
    internal ExposureEntry[] TakeForPage() => Exposures.TakeForPage(DataFile);

    /// <summary>Keeps for this page what an earlier page passed to the engine, if a script left that page before its tag ran.
    /// </summary>
    internal void TakeBack(HttpRequest current) => Exposures.TakeBack(current, DataFile);

    /// <summary>Takes back what a tag passed to the engine, because the tag left the page before the page was sent.</summary>
    internal void TakeBack(ExposureEntry[] taken) => Exposures.TakeBack(taken);

    /// <summary>Counts the exposures of a cached copy, which was rendered for another visitor with the same variations.
    /// </summary>
    internal void CountCopy(HttpResponse copy, in ExposureDisposition disposition)
    {
        if (DataFile is not { } dataFile)
        {
            return;
        }

        foreach (var (exposure, isEngines) in VariationCell.ReadHeader(copy, dataFile))
        {
            Save(exposure);
            Exposures.CountCopied(exposure, isEngines, disposition, dataFile);
        }
    }

    /// <summary>Reports the exposures before the response is complete, because the caller has seen the variations already.</summary>
    internal void ReportExposures() =>
        Exposures.Complete(InRequest?.DispositionFor(ResponseOutcome.Complete) ?? new ExposureDisposition(ResponseOutcome.None), DataFile);

    /// <summary>Assigns the remaining exposures when the response is complete, or at its start if it cannot contain
    /// tags.</summary>
    /// <param name="disposition">How the exposures are handled.</param>
    /// <param name="isShared">Whether the browser or the application knows the visitor's code.</param>
    internal void Complete(in ExposureDisposition disposition, bool isShared)
    {
        // The request has ended already. What the page decided is reported under the page's data file.
        var dataFile = PageDataFile;
        Exposures.Complete(disposition, dataFile);
        CompleteReports(isShared, dataFile);
    }

    /// <summary>The exposures of the response have their owners. Nothing is kept for the request any more.</summary>
    internal void End()
    {
        Services.Visitors.Handed.Complete(Code, Ledger);
        EndUse();
    }

    /// <summary>An error page replaces the page that was decided for.</summary>
    internal void StartOver(in ExposureDisposition disposition) => Exposures.StartOver(disposition, PageDataFile);

    // The application writes the text to the response.
    private ExposureEntry[] NoteWritten(ExposureEntry[] taken)
    {
        var isCertain = Request?.Context is not { Response.HasStarted: true };
        foreach (var entry in taken)
        {
            entry.NoteWritten(isCertain);
        }

        return taken;
    }
}
