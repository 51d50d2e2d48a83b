namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Splits an engine configuration into the files that the engine loads one after another.</summary>
internal static class EngineConfigurationParts
{
    private const string Delayed = "DELAYED";

    /// <summary>Returns what the engine needs before it loads the rest.</summary>
    internal static EngineConfiguration Start(EngineConfiguration whole) => new()
    {
        SiteCode = whole.SiteCode,
        GeneratedAt = whole.GeneratedAt,
        DataUrl = whole.DataUrl,
        ResourceUrl = whole.ResourceUrl,
        Environment = whole.Environment,
        Disabled = whole.Disabled,
        OnTimeout = whole.OnTimeout,
        AbortScript = whole.AbortScript,

        // The engine has to ask for consent even when the second file does not load.
        Consent = whole.Consent,
        Cookie = whole.Cookie,
        Unify = whole.Unify,
        VisitorCodeInLocalStorage = whole.VisitorCodeInLocalStorage,
        CrossDomains = whole.CrossDomains,

        // A view that aborts asks for no other file, and the next view may not abort.
        Spa = whole.Spa,
        Deferral = whole.Deferral! with { Campaigns = true },
    };

    internal static EngineConfiguration WithoutCampaigns(EngineConfiguration whole) => whole with
    {
        Segments = [],
        Triggers = [],
        Experiments = [],
        Personalizations = [],
    };

    /// <summary>The code of delayed campaigns is in files of its own, which most visitors never fetch.</summary>
    internal static EngineConfiguration WithDelayedCodeApart(EngineConfiguration whole) => whole with
    {
        Experiments = [.. whole.Experiments.Select(one => IsDelayed(one.Tags) ? Apart(one) : one)],
        Personalizations = [.. whole.Personalizations.Select(one => IsDelayed(one.Tags) ? Apart(one) : one)],
    };

    internal static EngineExperiment Apart(EngineExperiment campaign) => campaign with
    {
        Variations = [.. campaign.Variations.Select(variation => variation.WithoutCode())],
    };

    internal static EnginePersonalization Apart(EnginePersonalization campaign) =>
        campaign with { Variation = campaign.Variation?.WithoutCode() };

    private static bool IsDelayed(IReadOnlyList<string> tags) => tags.Contains(Delayed, StringComparer.Ordinal);
}

/// <summary>The campaigns of a configuration, as <c>engine-campaigns.js</c> and the live configuration contain them.
/// </summary>
internal sealed record EngineCampaigns(
    IReadOnlyList<EngineSegment> Segments,
    IReadOnlyList<EngineSegment> Triggers,
    IReadOnlyList<EngineExperiment> Experiments,
    IReadOnlyList<EnginePersonalization> Personalizations)
{
    private const string LiveUpdate = "LIVE-UPDATE";

    internal static EngineCampaigns Of(EngineConfiguration whole) =>
        new(whole.Segments, whole.Triggers, whole.Experiments, whole.Personalizations);

    /// <summary>The campaigns tagged LIVE-UPDATE and their segments, as data alone: the tab keeps them for two minutes.
    /// </summary>
    internal static EngineCampaigns LiveOf(EngineConfiguration whole)
    {
        var experiments = whole.Experiments.Where(one => IsLive(one.Tags)).ToList();
        var personalizations = whole.Personalizations.Where(one => IsLive(one.Tags)).ToList();
        return new EngineCampaigns(
            EngineAudiences.UsedBy(whole, experiments, personalizations),
            whole.Triggers,
            [.. experiments.Select(one => EngineConfigurationParts.Apart(one) with { GlobalScript = null })],
            [.. personalizations.Select(EngineConfigurationParts.Apart)]);
    }

    internal static bool HasLive(EngineConfiguration whole) =>
        whole.Experiments.Any(one => IsLive(one.Tags)) || whole.Personalizations.Any(one => IsLive(one.Tags));

    private static bool IsLive(IReadOnlyList<string> tags) => tags.Contains(LiveUpdate, StringComparer.Ordinal);
}
