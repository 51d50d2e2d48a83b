using System.Text.Json;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

// Data, consent, forced variations, conversions and what the platform knows of the visitor.
internal sealed partial class KameleoonClient
{
    public void AddData(params IVisitorData[] data) => AddData(track: true, data);

    public void AddData(bool track, params IVisitorData[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        foreach (var item in data)
        {
            ArgumentNullException.ThrowIfNull(item, nameof(data));
        }

        using var use = new RequestUse(Request);
        if (!IsBot)
        {
            _services.Reporter.Add(_visitor, data, track, DataFile);
        }
    }

    public void SetLegalConsent(bool legalConsent)
    {
        using var use = new RequestUse(Request);
        if (_request is null)
        {
            _services.Visitors.Consent.Set(_visitor.Code, legalConsent ? Consent.Given : Consent.Refused);
        }
        else
        {
            _request.SetConsent(legalConsent);
        }
    }

    public ForcedVariationResult SetForcedVariation(long experimentId, string? variationKey, bool forceTargeting = true)
    {
        using var use = new RequestUse(Request);
        if (variationKey is null)
        {
            _services.Data.Withdraw(_visitor.Code, experimentId);
            return ForcedVariationResult.Withdrawn;
        }

        if (DataFile is not { } dataFile)
        {
            return ForcedVariationResult.UnknownExperiment;
        }

        var result = dataFile.TryForce(experimentId, variationKey, forceTargeting, out var forced);
        if (forced is not null && !IsBot)
        {
            _services.Data.Force(_visitor.Code, experimentId, forced);
        }

        return result;
    }

    public void EvaluateAudiences()
    {
        using var use = new RequestUse(Request);
        if (DataFile is not { } dataFile || IsBot)
        {
            return;
        }

        var audiences = dataFile.EvaluateAudiences(_visitor.FactsFor(dataFile));
        _services.Reporter.ReportHeld(_visitor, dataFile);
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
        Convert(new Conversion(goalId, revenue, negative, metadata));
    }

    public void TrackConversion(
        int goalId, string id, decimal revenue = 0, bool negative = false, params CustomData[] metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(metadata);
        if (id.Length > ConversionKey.MaxIdLength)
        {
            throw new ArgumentException(
                $"The id of a conversion has 1 to {ConversionKey.MaxIdLength} characters; this one has {id.Length}.", nameof(id));
        }

        Convert(new Conversion(goalId, revenue, negative, metadata) { Id = id });
    }

    private void Convert(Conversion conversion)
    {
        using var use = new RequestUse(Request);
        if (IsBot)
        {
            _services.Visitors.Drop("bot");
            return;
        }

        _services.Reporter.Convert(_visitor, conversion, DataFile);
    }

    public void Flush()
    {
        using var use = new RequestUse(Request);
        if (!IsBot)
        {
            var dataFile = DataFile;
            _services.Reporter.ReportHeld(_visitor, dataFile);
            _visitor.Reports.Report(TrackingEvent.Activity(_visitor.Origin), dataFile);
        }
    }

    public Task<JsonElement> GetRemoteDataAsync(string key, CancellationToken cancellationToken = default) =>
        _services.Remote.GetMapAsync(Request, key, cancellationToken);

    public Task<RemoteVisitorData> GetRemoteVisitorDataAsync(
        RemoteVisitorDataFilter? filter = null, bool addData = true, CancellationToken cancellationToken = default) =>
        MayAskPlatform()
            ? _services.Remote.GetHistoryAsync(_visitor, Request, filter ?? RemoteVisitorDataFilter.Default, addData, cancellationToken)
            : Task.FromResult(RemoteVisitorData.Empty);

    public async Task<CustomData?> GetVisitorWarehouseAudienceAsync(
        int customDataIndex, string? warehouseKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(customDataIndex);
        var data = MayAskPlatform()
            ? await _services.Remote.GetAudiencesAsync(_visitor, Request, customDataIndex, warehouseKey, cancellationToken)
            : null;
        if (data is not null)
        {
            AddData(data);
        }

        return data;
    }

    // Uses the request for this long only: its end would wait for the platform otherwise.
    private bool MayAskPlatform()
    {
        using var use = new RequestUse(Request);
        _request?.Privacy.BecomePersonal();
        return !IsBot;
    }

    public async Task<bool> FlushAsync(CancellationToken cancellationToken = default) =>
        (await FlushAsync(key: null, cancellationToken)).IsSafe;

    /// <summary>The visitor's answer, or given where none is required. Unknown before the first data file.</summary>
    internal Consent Consent => DataFile is { } dataFile ? _services.Visitors.Consent.Of(_visitor.Code, dataFile) : Consent.Unknown;

    /// <summary>Whether events wait with the visitor. After a flush, those wait for consent.</summary>
    internal bool HasHeldEvents => _visitor.Find()?.Record.Known.Held.Length > 0;

    /// <summary>Gives the events of a request with an idempotency key their nonces, until it is called with null.</summary>
    internal void Number(RequestNonces? nonces) => _visitor.Reports.Nonces = nonces;

    /// <summary>Flushes, and has the outbox confirm a key with the events if it can.</summary>
    internal Task<FlushResult> FlushAsync(IdempotencyKey? key, CancellationToken cancellationToken)
    {
        Flush();
        CompleteReports();
        return _services.Sender.FlushAsync(key, cancellationToken);
    }

    private void CompleteReports()
    {
        using var use = new RequestUse(Request);
        if (_request is { Request.IsOver: false } && DataFile is { } dataFile && _request.IsShared(dataFile))
        {
            _visitor.CompleteReports(isShared: true, dataFile);
        }
    }
}
