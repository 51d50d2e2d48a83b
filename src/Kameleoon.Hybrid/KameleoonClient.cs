using System.Collections.ObjectModel;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The client of one visitor, in a request or outside of one.</summary>
internal sealed class KameleoonClient(string visitorCode, KameleoonClientServices services, RequestVisitor? request)
    : IKameleoonClient, IVisitorFacts
{
    private static readonly Variation NoConfiguration = Variation.Off(DecisionReason.NoConfiguration);

    private ExposureLedger _ledger = new();
    private DataFile? _dataFile;

    string IVisitorFacts.VisitorCode => visitorCode;

    DateTimeOffset IVisitorFacts.Now => services.Clock.GetLocalNow();

    private ExposureLedger Ledger => Volatile.Read(ref _ledger);

    // The first decision pins the data file: a page never mixes two.
    private DataFile? DataFile =>
        Volatile.Read(ref _dataFile)
        ?? Interlocked.CompareExchange(ref _dataFile, services.Configuration.Current, null)
        ?? Volatile.Read(ref _dataFile);

    public string GetVisitorCode()
    {
        request?.BecomePersonal();
        return visitorCode;
    }

    public Variation GetVariation(string featureKey, bool track = true)
    {
        ArgumentNullException.ThrowIfNull(featureKey);
        request?.BecomePersonal();
        if (DataFile is not { } dataFile)
        {
            services.Metrics.Decided(featureKey, NoConfiguration);
            return NoConfiguration;
        }

        var decision = dataFile.Decide(featureKey, this);
        if (decision.Flag is null)
        {
            services.ReportUnknownFlag(featureKey);
        }

        return Enter(featureKey, decision, track);
    }

    public IReadOnlyDictionary<string, Variation> GetVariations(bool onlyActive = false, bool track = true)
    {
        request?.BecomePersonal();
        if (DataFile is not { } dataFile)
        {
            return ReadOnlyDictionary<string, Variation>.Empty;
        }

        var variations = new OrderedDictionary<string, Variation>(StringComparer.Ordinal);
        foreach (ref readonly var decision in dataFile.DecideAll(this))
        {
            if (decision is not { IsDecided: true, Flag.Key: { } key })
            {
                continue;
            }

            var variation = Enter(key, decision, track);
            if (variation.IsActive || !onlyActive)
            {
                variations.Add(key, variation);
            }
        }

        return variations;
    }

    public bool IsFeatureActive(string featureKey, bool track = true) => GetVariation(featureKey, track).IsActive;

    public void TrackConversion(int goalId, decimal revenue = 0) =>
        services.Queue.Add(TrackingEvent.Conversion(visitorCode, request?.UserAgent, goalId, revenue));

    public string GetEngineTrackingCode() => EngineTrackingCode.Write(
        Carried(entry => entry.GiveToEngineUntracked()).OrderBy(exposure => exposure.ExperimentId));

    /// <summary>The response is complete: what no tag carried is the server's to report, if anybody saw it.</summary>
    internal void Complete(bool seen)
    {
        var reported = Ledger.Entries().Where(entry =>
            entry.GiveToServer() || (services.ExposureBy == ExposureOwner.Both && entry.IsOwnedByEngine));
        foreach (var entry in reported)
        {
            if (seen)
            {
                Report(entry.Exposure);
            }
            else
            {
                services.Drop("unseen");
            }
        }
    }

    /// <summary>The open exposures in the order of decision, which belong to the engine from now on.</summary>
    internal List<Exposure> TakeForEngine() => Carried(entry => entry.GiveToEngine());

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

    private List<Exposure> Carried(Func<ExposureLedger.Entry, bool> take)
    {
        if (services.ExposureBy == ExposureOwner.Server
            || Ledger.IsEmpty
            || (DataFile is { } dataFile && request?.IsShared(dataFile) == false))
        {
            return [];
        }

        return [.. Ledger.Entries().Where(take).Select(entry => entry.Exposure)];
    }

    private Variation Enter(string featureKey, in Decision decision, bool track)
    {
        services.Metrics.Decided(featureKey, decision.Variation);
        if (Exposure.Of(decision.Holdout) is { } holdout)
        {
            Enter(holdout, track);
        }

        if (Exposure.Of(decision.Variation, decision.Flag, decision.Rule) is { } exposure)
        {
            Enter(exposure, track);
        }

        return decision.Variation;
    }

    private void Enter(Exposure exposure, bool track)
    {
        // Without a page there is nothing to wait for.
        if (Ledger.Enter(exposure, track) is { } opened && request?.IsOver != false && opened.GiveToServer())
        {
            Report(opened.Exposure);
        }
    }

    private void Report(Exposure exposure) =>
        services.Report(visitorCode, request?.UserAgent, exposure, DataFile);
}
