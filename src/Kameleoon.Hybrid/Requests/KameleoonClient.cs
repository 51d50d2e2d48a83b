using System.Collections.ObjectModel;
using System.Text.Json;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The client of one visitor, in a request or outside of one.</summary>
internal sealed class KameleoonClient : IKameleoonClient
{
    private static readonly Variation NoConfiguration = Variation.Off(DecisionReason.NoConfiguration);

    private readonly string _visitorCode;
    private readonly KameleoonClientServices _services;
    private readonly RequestVisitor? _request;
    private readonly KnownVisitor _visitor;
    private readonly ClientExposures _exposures;
    private DataFile? _dataFile;

    internal KameleoonClient(string visitorCode, KameleoonClientServices services, RequestVisitor? request)
    {
        (_visitorCode, _services, _request) = (visitorCode, services, request);
        _visitor = new KnownVisitor(visitorCode, services, request);
        _exposures = new ClientExposures(visitorCode, _visitor, services, request);
    }

    // The first decision pins the data file: a page never mixes two.
    private DataFile? DataFile =>
        Volatile.Read(ref _dataFile)
        ?? Interlocked.CompareExchange(ref _dataFile, _services.Configuration.DataFile, null)
        ?? Volatile.Read(ref _dataFile);

    internal ExposureLedger Ledger => _exposures.Ledger;

    internal bool HasOpenExposures => Ledger.HasOpen;

    private RemoteCalls Remote => new(_visitorCode, _visitor, _services, _request);

    // A bot is nobody: nothing is kept of it and nothing reported.
    private bool IsBot => _request?.IsBot == true;

    public string GetVisitorCode()
    {
        _request?.Privacy.BecomePersonal();
        return _visitorCode;
    }

    public Variation GetVariation(string featureKey, bool track = true)
    {
        ArgumentNullException.ThrowIfNull(featureKey);
        _request?.Privacy.BecomePersonal(featureKey);
        if (DataFile is not { } dataFile)
        {
            _services.Metrics.Decided(flag: null, NoConfiguration);
            return NoConfiguration;
        }

        var decision = _visitor.Decide(dataFile, featureKey);
        if (decision.Flag is null)
        {
            _services.ReportUnknownFlag(featureKey, dataFile);
        }

        var isExposed = false;
        var variation = Enter(decision, track, ref isExposed);
        if (track && !isExposed && decision.Flag is not null && variation.Reason != DecisionReason.Disabled)
        {
            _exposures.Attend(dataFile);
        }

        return variation;
    }

    public IReadOnlyDictionary<string, Variation> GetVariations(bool onlyActive = false, bool track = true)
    {
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

            var variation = Enter(decision, track, ref isExposed);
            if (variation.IsActive || !onlyActive)
            {
                variations.Add(key, variation);
            }
        }

        if (track && !isExposed)
        {
            _exposures.Attend(dataFile);
        }

        return variations;
    }

    public bool IsFeatureActive(string featureKey, bool track = true) => GetVariation(featureKey, track).IsActive;

    public Explanation? Explain(string featureKey)
    {
        ArgumentNullException.ThrowIfNull(featureKey);
        _request?.Privacy.BecomePersonal();
        return DataFile is { } dataFile ? dataFile.Explain(featureKey, _visitor.FactsFor(dataFile)) : null;
    }

    public IReadOnlyList<string> GetFeatureList() => [.. DataFile?.Flags.Select(flag => flag.Key) ?? []];

    public DataFile? GetDataFile() => DataFile;

    public void AddData(params IVisitorData[] data) => AddData(track: true, data);

    public void AddData(bool track, params IVisitorData[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        foreach (var item in data)
        {
            ArgumentNullException.ThrowIfNull(item, nameof(data));
        }

        if (!IsBot)
        {
            _visitor.Add(data, track, DataFile);
        }
    }

    public void SetLegalConsent(bool legalConsent)
    {
        if (_request is null)
        {
            _services.Consent.Set(_visitorCode, legalConsent ? Consent.Given : Consent.Refused);
        }
        else
        {
            _request.SetConsent(legalConsent);
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

        var audiences = dataFile.EvaluateAudiences(_visitor.FactsFor(dataFile));
        _visitor.Report(dataFile);
        foreach (var segmentId in audiences)
        {
            _visitor.Reports.Report(TrackingEvent.Audience(_visitor.Origin, segmentId), dataFile);
        }

        if (audiences.Count == 0)
        {
            _visitor.Reports.Report(TrackingEvent.Activity(_visitor.Origin), dataFile);
        }
    }

    public void TrackConversion(int goalId, decimal revenue = 0, bool negative = false, params CustomData[] metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var conversion = new Conversion(goalId, revenue, negative, metadata);
        if (IsBot)
        {
            _services.Drop("bot");
            return;
        }

        _visitor.Convert(conversion, DataFile);
    }

    public void Flush()
    {
        if (!IsBot)
        {
            _visitor.Report(DataFile);
            _visitor.Reports.Report(TrackingEvent.Activity(_visitor.Origin), DataFile);
        }
    }

    public Task<JsonElement> GetRemoteDataAsync(string key, CancellationToken cancellationToken = default) =>
        Remote.GetMapAsync(key, cancellationToken);

    public Task<RemoteVisitorData> GetRemoteVisitorDataAsync(
        RemoteVisitorDataFilter? filter = null, bool addData = true, CancellationToken cancellationToken = default)
    {
        _request?.Privacy.BecomePersonal();
        return IsBot
            ? Task.FromResult(RemoteVisitorData.Empty)
            : Remote.GetHistoryAsync(filter ?? RemoteVisitorDataFilter.Default, addData, cancellationToken);
    }

    public async Task<CustomData?> GetVisitorWarehouseAudienceAsync(
        int customDataIndex, string? warehouseKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(customDataIndex);
        _request?.Privacy.BecomePersonal();
        var data = IsBot ? null : await Remote.GetAudiencesAsync(customDataIndex, warehouseKey, cancellationToken);
        if (data is not null)
        {
            AddData(data);
        }

        return data;
    }

    public Task<bool> FlushAsync(CancellationToken cancellationToken = default)
    {
        Flush();
        if (_request is { IsOver: false } && DataFile is { } dataFile && _request.IsShared(dataFile))
        {
            _visitor.Reports.Settle(isShared: true, dataFile);
        }

        return _services.Sender.FlushAsync(cancellationToken);
    }

    public string GetEngineTrackingCode() => EngineTrackingCode.Of(_exposures.TakeAllForEngine(DataFile));

    /// <summary>The open exposures in the order of decision, which belong to the engine from now on.</summary>
    internal Exposure[] TakeForEngine() => _exposures.TakeForEngine(DataFile);

    /// <summary>The open exposures of a page that was fetched ahead, which it reports once it is shown.</summary>
    internal Exposure[] TakeForPage() => _exposures.TakeForPage(DataFile);

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

    /// <summary>Who asks saw already what was decided: that is reported before the response is complete.</summary>
    internal void ReportExposures() => _exposures.Complete(seen: !IsBot && _request?.IsSharedNow != false, DataFile);

    /// <summary>The response is complete.</summary>
    /// <param name="seen">Whether a person sees it.</param>
    /// <param name="isShared">Whether anybody but this server knows the visitor's code.</param>
    internal void Complete(bool seen, bool isShared)
    {
        _exposures.Complete(seen, DataFile);
        _visitor.Reports.Settle(isShared, DataFile);
    }

    /// <summary>Gives up what was decided so far for a response that is being thrown away.</summary>
    internal void StartOver() => _exposures.StartOver();

    private Variation Enter(in Decision decision, bool track, ref bool isExposed)
    {
        _services.Metrics.Decided(decision.Flag, decision.Variation);
        if (track && _visitor.HasNews && !IsBot)
        {
            _visitor.Report(DataFile);
        }

        if (Exposure.Of(decision.Holdout) is { } holdout)
        {
            Enter(holdout, track);
            isExposed = true;
        }

        if (Exposure.Of(decision.Variation, decision.Flag, decision.Rule) is { } exposure)
        {
            Enter(exposure, track);
            isExposed = true;
        }

        return decision.Variation;
    }

    private void Enter(in Exposure exposure, bool track)
    {
        _visitor.Save(exposure);
        _exposures.Enter(exposure, track, DataFile);
    }
}
