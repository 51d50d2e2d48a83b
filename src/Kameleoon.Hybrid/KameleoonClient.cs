using System.Collections.ObjectModel;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The client of one visitor, in a request or outside of one.</summary>
internal sealed class KameleoonClient(string visitorCode, KameleoonClientServices services, RequestVisitor? request)
    : IKameleoonClient
{
    private static readonly Variation NoConfiguration = Variation.Off(DecisionReason.NoConfiguration);

    private readonly KnownVisitor _visitor = new(visitorCode, services, request);
    private readonly ClientExposures _exposures = new(visitorCode, services, request);
    private DataFile? _dataFile;

    // The first decision pins the data file: a page never mixes two.
    private DataFile? DataFile =>
        Volatile.Read(ref _dataFile)
        ?? Interlocked.CompareExchange(ref _dataFile, services.Configuration.Current, null)
        ?? Volatile.Read(ref _dataFile);

    internal ExposureLedger Ledger => _exposures.Ledger;

    internal bool HasOpenExposures => Ledger.HasOpen;

    // A bot is nobody: nothing is kept of it and nothing reported.
    private bool IsBot => request?.IsBot == true;

    public string GetVisitorCode()
    {
        request?.Privacy.BecomePersonal();
        return visitorCode;
    }

    public Variation GetVariation(string featureKey, bool track = true)
    {
        ArgumentNullException.ThrowIfNull(featureKey);
        request?.Privacy.BecomePersonal(featureKey);
        if (DataFile is not { } dataFile)
        {
            services.Metrics.Decided(featureKey, NoConfiguration);
            return NoConfiguration;
        }

        var decision = _visitor.Decide(dataFile, featureKey);
        if (decision.Flag is null)
        {
            services.ReportUnknownFlag(featureKey, dataFile);
        }

        return Enter(featureKey, decision, track);
    }

    public IReadOnlyDictionary<string, Variation> GetVariations(bool onlyActive = false, bool track = true)
    {
        request?.Privacy.BecomePersonal();
        if (DataFile is not { } dataFile)
        {
            return ReadOnlyDictionary<string, Variation>.Empty;
        }

        var variations = new OrderedDictionary<string, Variation>(StringComparer.Ordinal);
        foreach (ref readonly var decision in _visitor.DecideAll(dataFile))
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

    public Explanation? Explain(string featureKey)
    {
        ArgumentNullException.ThrowIfNull(featureKey);
        request?.Privacy.BecomePersonal();
        return DataFile is { } dataFile ? dataFile.Explain(featureKey, _visitor.FactsFor(dataFile)) : null;
    }

    public IReadOnlyList<string> GetFeatureList() => [.. DataFile?.Flags.Select(flag => flag.Key) ?? []];

    public DataFile? GetDataFile() => DataFile;

    public void AddData(params IVisitorData[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        foreach (var item in data)
        {
            ArgumentNullException.ThrowIfNull(item, nameof(data));
        }

        if (!IsBot)
        {
            _visitor.Add(data, DataFile);
        }
    }

    public void SetLegalConsent(bool legalConsent)
    {
        if (request is null)
        {
            services.Consent.Set(visitorCode, legalConsent ? Consent.Given : Consent.Refused);
        }
        else
        {
            request.SetConsent(legalConsent);
        }
    }

    public ForcedVariationResult SetForcedVariation(long experimentId, string? variationKey, bool forceTargeting = true)
    {
        if (variationKey is null)
        {
            _visitor.Withdraw(experimentId);
            return ForcedVariationResult.Withdrawn;
        }

        if (DataFile is not { } dataFile)
        {
            return ForcedVariationResult.UnknownExperiment;
        }

        var result = dataFile.TryForce(experimentId, variationKey, forceTargeting, out var forced);
        if (forced is not null && !IsBot)
        {
            _visitor.Force(experimentId, forced);
        }

        return result;
    }

    public void EvaluateAudiences()
    {
        if (DataFile is not { } dataFile || IsBot)
        {
            return;
        }

        foreach (var segmentId in dataFile.EvaluateAudiences(_visitor.FactsFor(dataFile)))
        {
            services.ReportAudience(visitorCode, request?.UserAgent, segmentId, dataFile);
        }
    }

    public void TrackConversion(int goalId, decimal revenue = 0)
    {
        if (IsBot)
        {
            services.Drop("bot");
            return;
        }

        _visitor.Convert(goalId);
        services.Queue.Add(TrackingEvent.Conversion(visitorCode, request?.UserAgent, goalId, revenue));
    }

    public string GetEngineTrackingCode() => EngineTrackingCode.Of(_exposures.TakeAllForEngine(DataFile));

    /// <summary>The open exposures in the order of decision, which belong to the engine from now on.</summary>
    internal Exposure[] TakeForEngine() => _exposures.TakeForEngine(DataFile);

    /// <summary>Decides without any effect.</summary>
    internal Decision Look(DataFile dataFile, string featureKey) => _visitor.Decide(dataFile, featureKey);

    /// <summary>The page was made for another visitor of the same cell: what it exposed them to, it exposes this one to.
    /// </summary>
    internal void CountCopy(HttpResponse copy, bool seen)
    {
        if (DataFile is not { } dataFile)
        {
            return;
        }

        foreach (var (exposure, isEngines) in VariationCell.Read(copy, dataFile))
        {
            _visitor.Save(exposure);
            _exposures.CountCopied(exposure, isEngines, seen, dataFile);
        }
    }

    /// <summary>The response is complete.</summary>
    internal void Complete(bool seen) => _exposures.Complete(seen, DataFile);

    /// <summary>Gives up what was decided so far for a response that is being thrown away.</summary>
    internal void StartOver() => _exposures.StartOver();

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

    private void Enter(in Exposure exposure, bool track)
    {
        _visitor.Save(exposure);
        _exposures.Enter(exposure, track, DataFile);
    }
}
