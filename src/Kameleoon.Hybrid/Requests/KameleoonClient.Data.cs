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
            Services.Reporter.Add(this, data, track, DataFile);
        }
    }

    public void SetLegalConsent(bool legalConsent)
    {
        using var use = new RequestUse(Request);
        if (InRequest is null)
        {
            Services.Visitors.Consent.Set(Code, legalConsent ? Consent.Given : Consent.Refused);
        }
        else
        {
            InRequest.SetConsent(legalConsent);
        }
    }

    public ForcedVariationResult SetForcedVariation(long experimentId, string? variationKey, bool forceTargeting = true)
    {
        using var use = new RequestUse(Request);
        if (variationKey is null)
        {
            Services.Data.Withdraw(Code, experimentId);
            return ForcedVariationResult.Withdrawn;
        }

        if (DataFile is not { } dataFile)
        {
            return ForcedVariationResult.UnknownExperiment;
        }

        var result = dataFile.TryForce(experimentId, variationKey, forceTargeting, out var forced);
        if (forced is not null && !IsBot)
        {
            Services.Data.Force(Code, experimentId, forced);
            Services.Visitors.Exposures.Exclude(Code, experimentId);
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

        var audiences = dataFile.EvaluateAudiences(FactsFor(dataFile));
        Services.Reporter.ReportHeld(this, dataFile);
        foreach (var segmentId in audiences)
        {
            Reports.Report(TrackingEvent.Audience(Origin, segmentId), dataFile);
        }

        if (audiences.Count == 0)
        {
            Reports.Report(TrackingEvent.Activity(Origin), dataFile);
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
        Convert(new Conversion(goalId, revenue, negative, metadata) { Id = id });
    }

    private void Convert(Conversion conversion)
    {
        using var use = new RequestUse(Request);
        if (IsBot)
        {
            Services.Visitors.Drop("bot");
            return;
        }

        Services.Reporter.Convert(this, conversion, DataFile);
        Services.Visitors.Exposures.Converted(Code, Find());
    }

    public void Flush()
    {
        using var use = new RequestUse(Request);
        if (!IsBot)
        {
            var dataFile = DataFile;
            Services.Reporter.ReportHeld(this, dataFile);
            Reports.Report(TrackingEvent.Activity(Origin), dataFile);
        }
    }

    public Task<JsonElement> GetRemoteDataAsync(string key, CancellationToken cancellationToken = default) =>
        Services.Remote.GetMapAsync(Request, key, cancellationToken);

    public Task<RemoteVisitorData> GetRemoteVisitorDataAsync(
        RemoteVisitorDataFilter? filter = null, bool addData = true, CancellationToken cancellationToken = default) =>
        MayAskPlatform()
            ? Services.Remote.GetHistoryAsync(this, Request, filter ?? RemoteVisitorDataFilter.Default, addData, cancellationToken)
            : Task.FromResult(RemoteVisitorData.Empty);

    public async Task<CustomData?> GetVisitorWarehouseAudienceAsync(
        int customDataIndex, string? warehouseKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(customDataIndex);
        var data = MayAskPlatform()
            ? await Services.Remote.GetAudiencesAsync(this, Request, customDataIndex, warehouseKey, cancellationToken)
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
        InRequest?.Privacy.BecomePersonal();
        return !IsBot;
    }

    public async Task<bool> FlushAsync(CancellationToken cancellationToken = default) =>
        (await FlushAsync(key: null, cancellationToken)).IsSafe;

    /// <summary>The visitor's answer, or given where none is required. Unknown before the first data file.</summary>
    internal Consent Consent => DataFile is { } dataFile ? Services.Visitors.Consent.Of(Code, dataFile) : Consent.Unknown;

    /// <summary>Whether events wait with the visitor. After a flush, those wait for consent.</summary>
    internal bool HasHeldEvents => Find()?.Record.Known.Held.Length > 0;

    /// <summary>Gives the events of a request with an idempotency key their nonces, until it is called with null.</summary>
    internal void Number(RequestNonces? nonces) => Reports.Nonces = nonces;

    /// <summary>Flushes, and has the outbox confirm a key with the events if it can.</summary>
    internal Task<FlushResult> FlushAsync(IdempotencyKey? key, CancellationToken cancellationToken)
    {
        Flush();
        CompleteReports();
        return Services.Sender.FlushAsync(key, cancellationToken);
    }

    private void CompleteReports()
    {
        using var use = new RequestUse(Request);
        if (InRequest is { Request.IsOver: false } && DataFile is { } dataFile && InRequest.IsShared(dataFile))
        {
            CompleteReports(isShared: true, dataFile);
        }
    }
}
