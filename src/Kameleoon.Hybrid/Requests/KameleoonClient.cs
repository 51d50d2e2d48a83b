using System.Collections.ObjectModel;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The client of one visitor, inside or outside of a request.</summary>
internal sealed partial class KameleoonClient : IKameleoonClient
{
    private static readonly Variation NoConfiguration = Variation.Off(DecisionReason.NoConfiguration);

    private readonly KameleoonClientServices _services;
    private readonly IRequestVisitor? _request;
    private readonly KnownVisitor _visitor;
    private readonly ClientExposures _exposures;
    private DataFile? _dataFile;

    internal KameleoonClient(string visitorCode, KameleoonClientServices services, IRequestVisitor? request)
    {
        (_services, _request) = (services, request);
        _visitor = new KnownVisitor(visitorCode, services.Visitors, request);
        _exposures = new ClientExposures(_visitor, services.Visitors, request);
    }

    // The first decision pins the data file until the response is complete, so that a page never mixes two. A client
    // without a page may be used for hours, for example in a job or a circuit. Each call uses the data file in force.
    private DataFile? DataFile => Request is { HasPage: true } ? PageDataFile : _services.Configuration.DataFile;

    private DataFile? PageDataFile =>
        Volatile.Read(ref _dataFile)
        ?? Interlocked.CompareExchange(ref _dataFile, _services.Configuration.DataFile, null)
        ?? Volatile.Read(ref _dataFile);

    internal ExposureLedger Ledger => _exposures.Ledger;

    /// <summary>Whether exposures of the page or of an earlier redirect can be passed to the engine.</summary>
    internal bool HasOpenExposures => _exposures.HasOpen;

    /// <summary>How often exposures of the visitor were taken back from pages that a script left.</summary>
    internal int HandedGeneration => _services.Visitors.Handed.GenerationOf(_visitor.Code);

    // Bots are not tracked: nothing is kept and nothing is reported.
    private bool IsBot => Request?.IsBot == true;

    private VisitorRequest? Request => _request?.Request;

    public string GetVisitorCode()
    {
        using var use = new RequestUse(Request);
        _request?.Privacy.BecomePersonal();
        return _visitor.Code;
    }

    public string GetCrossDomainLink(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        using var use = new RequestUse(Request);
        return _request?.CompleteLink(address) ?? address;
    }

    public Variation GetVariation(string featureKey, bool track = true)
    {
        ArgumentNullException.ThrowIfNull(featureKey);
        using var use = new RequestUse(Request);
        _request?.Privacy.BecomePersonal(featureKey);
        if (DataFile is not { } dataFile)
        {
            _services.Decisions.Decided(featureKey, flag: null, NoConfiguration, _visitor.Code, track, Request);
            return NoConfiguration;
        }

        var decision = _visitor.Decide(dataFile, featureKey);
        if (decision.Flag is null)
        {
            _services.Mistakes.ReportUnknownFlag(featureKey, dataFile);
        }

        _services.Decisions.Decided(featureKey, decision.Flag, decision.Variation, _visitor.Code, track, Request);
        var isExposed = false;
        var variation = Enter(decision, track, dataFile, ref isExposed);
        if (track && !isExposed && decision.Flag is not null && variation.Reason != DecisionReason.Disabled)
        {
            _exposures.ReportActivity(dataFile);
        }

        return variation;
    }

    public IReadOnlyDictionary<string, Variation> GetVariations(bool onlyActive = false, bool track = true)
    {
        using var use = new RequestUse(Request);
        _request?.Privacy.BecomePersonal();
        if (DataFile is not { } dataFile)
        {
            return ReadOnlyDictionary<string, Variation>.Empty;
        }

        var isExposed = false;
        var variations = new OrderedDictionary<string, Variation>(StringComparer.Ordinal);
        foreach (ref readonly var decision in _visitor.DecideAll(dataFile))
        {
            if (decision is not { IsDecided: true, Flag.Key: { } key })
            {
                continue;
            }

            _services.Decisions.Decided(key, decision.Flag, decision.Variation, _visitor.Code, track, Request);
            var variation = Enter(decision, track, dataFile, ref isExposed);
            if (variation.IsActive || !onlyActive)
            {
                variations.Add(key, variation);
            }
        }

        if (track && !isExposed)
        {
            _exposures.ReportActivity(dataFile);
        }

        return variations;
    }

    public bool IsFeatureActive(string featureKey, bool track = true) => GetVariation(featureKey, track).IsActive;

    public Explanation? Explain(string featureKey)
    {
        ArgumentNullException.ThrowIfNull(featureKey);
        using var use = new RequestUse(Request);
        _request?.Privacy.BecomePersonal();
        return DataFile is { } dataFile ? dataFile.Explain(featureKey, _visitor.FactsFor(dataFile)) : null;
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
        return EngineTrackingCode.Of(NoteWritten(_exposures.TakeAllForEngine(DataFile)));
    }

    /// <summary>Takes the exposures that were not reported yet, in the order of decision. The engine reports them.</summary>
    internal ExposureEntry[] TakeForEngine() => _exposures.TakeForEngine(DataFile);

    /// <summary>Takes them for a script that passes them to the engine.</summary>
    internal ExposureEntry[] TakeForScript() => NoteWritten(TakeForEngine());

    /// <summary>Takes the exposures of a page that was fetched ahead. The page reports them once it is shown.</summary>
    internal ExposureEntry[] TakeForPage() => _exposures.TakeForPage(DataFile);

    /// <summary>Keeps for this page what an earlier page passed to the engine, if a script left that page before its tag ran.
    /// </summary>
    internal void TakeBack(HttpRequest current) => _exposures.TakeBack(current, DataFile);

    /// <summary>Decides a flag without tracking it.</summary>
    internal Decision Look(DataFile dataFile, string featureKey) => _visitor.Decide(dataFile, featureKey);

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
            _visitor.Save(exposure);
            _exposures.CountCopied(exposure, isEngines, disposition, dataFile);
        }
    }

    /// <summary>Reports the exposures before the response is complete, because the caller has seen the variations already.</summary>
    internal void ReportExposures() =>
        _exposures.Complete(_request?.DispositionFor(ResponseOutcome.Complete) ?? new ExposureDisposition(ResponseOutcome.None), DataFile);

    /// <summary>Assigns the remaining exposures when the response is complete, or at its start if it cannot contain
    /// tags.</summary>
    /// <param name="disposition">How the exposures are handled.</param>
    /// <param name="isShared">Whether the browser or the application knows the visitor's code.</param>
    internal void Complete(in ExposureDisposition disposition, bool isShared)
    {
        // The request has ended already. What the page decided is reported under the page's data file.
        var dataFile = PageDataFile;
        _exposures.Complete(disposition, dataFile);
        _visitor.CompleteReports(isShared, dataFile);
    }

    /// <summary>An error page replaces the page that was decided for.</summary>
    internal void StartOver(in ExposureDisposition disposition) => _exposures.StartOver(disposition, PageDataFile);

    // The application writes the text to the response.
    private ExposureEntry[] NoteWritten(ExposureEntry[] taken)
    {
        var isCertain = Request?.Context is not { Response.HasStarted: true };
        Array.ForEach(taken, entry => entry.NoteWritten(isCertain));
        return taken;
    }

    private Variation Enter(in Decision decision, bool track, DataFile dataFile, ref bool isExposed)
    {
        if (track && decision.Variation.Reason is (DecisionReason.Simulated or DecisionReason.Bot))
        {
            _services.Visitors.Drop(decision.Variation.Reason == DecisionReason.Bot ? "bot" : "simulation");
        }

        if (track && _visitor.HasWaitingEvents && !IsBot)
        {
            _services.Reporter.ReportHeld(_visitor, dataFile);
        }

        if (Exposure.Of(decision.Holdout) is { } holdout)
        {
            Enter(holdout, track, dataFile);
            isExposed = true;
        }

        if (Exposure.Of(decision.Variation, decision.Flag, decision.Rule) is { } exposure)
        {
            Enter(exposure, track, dataFile);
            isExposed = true;
        }

        return decision.Variation;
    }

    private void Enter(in Exposure exposure, bool track, DataFile dataFile)
    {
        _visitor.Save(exposure);
        _exposures.Enter(exposure, track, dataFile);
    }
}
