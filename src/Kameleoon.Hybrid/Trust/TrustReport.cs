using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid;

/// <summary>The experiments of a project as this server sees them: those with a mismatch or a withheld variation first, those
/// without visitors last.</summary>
/// <param name="SiteCode">The site code of the project.</param>
/// <param name="Time">When the report was made.</param>
/// <param name="IsFarm">Whether the visitors are those of all servers, as far as they told. Responses and bots are this server's.</param>
/// <param name="Experiments">The experiments.</param>
/// <param name="Identity">The comparisons of visitor codes of this server.</param>
internal sealed record TrustReport(
    string SiteCode, DateTimeOffset Time, bool IsFarm, IReadOnlyList<TrustedExperiment> Experiments, IdentityReport Identity)
{
    /// <summary>Tests the experiments, and reports them.</summary>
    internal static TrustReport Of(TrustMonitor monitor, IdentityComparisons identity, string siteCode, DateTimeOffset now)
    {
        monitor.Look();
        return new TrustReport(siteCode, now, monitor.IsFarm,
        [
            .. monitor.Experiments.Select(TrustedExperiment.Of)
                .OrderBy(static experiment => experiment is { Problem: null, IsWithholding: false })
                .ThenBy(static experiment => experiment.Started is null),
        ], identity.Look());
    }
}

/// <summary>One experiment.</summary>
/// <param name="Flag">The key of its flag.</param>
/// <param name="ExperimentId">Its id.</param>
/// <param name="Problem">What is wrong in one sentence, or null.</param>
/// <param name="FirstStage">The first stage with a mismatch, or null.</param>
/// <param name="Since">When the mismatch began, or null.</param>
/// <param name="Started">When the window began whose visitors are counted here, or null before the first visitor.</param>
/// <param name="Bots">How many tracked decisions bots asked for.</param>
/// <param name="Variations">The variations.</param>
/// <param name="Guard">The variations that were ever withheld from new visitors.</param>
internal sealed record TrustedExperiment(
    string Flag,
    long ExperimentId,
    string? Problem,
    string? FirstStage,
    DateTimeOffset? Since,
    DateTimeOffset? Started,
    long Bots,
    IReadOnlyList<TrustedVariation> Variations,
    IReadOnlyList<GuardReport> Guard)
{
    internal bool IsWithholding => Guard.Any(static variation => variation.IsWithholding);

    internal static TrustedExperiment Of(ExperimentTally tally)
    {
        var (version, window) = (tally.Version, tally.Alarmed ?? tally.Window);
        var tests = tally.Alarmed?.Tests;
        return new TrustedExperiment(
            version.FlagKey,
            version.ExperimentId,
            TrustSentence.Of(tally),
            tests?.Origin is { } origin ? TrustSentence.NameOf(origin) : null,
            tests?.AlarmedSince,
            window?.Started,
            tally.Bots,
            [.. version.Keys.Select((key, place) => TrustedVariation.Of(tally, window, key, place))],
            GuardReport.Of(tally));
    }
}

/// <summary>One variation of an experiment.</summary>
/// <param name="Key">Its key.</param>
/// <param name="ExpectedShare">The share of the visitors that it should have, 0 to 1.</param>
/// <param name="Stages">The visitors of each stage.</param>
/// <param name="Responses">The responses of each outcome.</param>
internal sealed record TrustedVariation(
    string Key, double ExpectedShare, IReadOnlyDictionary<string, long> Stages, IReadOnlyDictionary<string, long> Responses)
{
    internal static TrustedVariation Of(ExperimentTally tally, StageWindow? window, string key, int place) => new(
        key,
        tally.Version.Weights[place],
        StageWindow.Counted.ToDictionary(TrustSentence.NameOf, stage => window?.Read(stage)[place] ?? 0, StringComparer.Ordinal),
        Enum.GetValues<ExposureOutcome>().ToDictionary(
            TrustSentence.NameOf, outcome => tally.Read(outcome)[place], StringComparer.Ordinal));
}

/// <summary>Serializes the report without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TrustReport))]
internal sealed partial class TrustJson : JsonSerializerContext;
