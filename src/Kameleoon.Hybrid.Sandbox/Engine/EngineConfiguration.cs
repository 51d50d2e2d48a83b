namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The configuration literal inside <c>engine.js</c>.</summary>
/// <param name="SiteCode">The site the script was asked for.</param>
/// <param name="GeneratedAt">When the data file last changed, in milliseconds since 1970.</param>
/// <param name="DataUrl">Where the engine posts events; no trailing slash.</param>
/// <param name="ResourceUrl">Where the engine loads further files; no trailing slash.</param>
/// <param name="Environment">The platform environment.</param>
/// <param name="FlushMs">Milliseconds for which the engine gathers events before it posts them.</param>
/// <param name="Cookie">How the engine writes the visitor cookie.</param>
/// <param name="Goals">The goals the engine watches; the data file has none.</param>
/// <param name="Experiments">The experiments the engine can report.</param>
internal sealed record EngineConfiguration(
    string SiteCode,
    long GeneratedAt,
    string DataUrl,
    string ResourceUrl,
    string Environment,
    int FlushMs,
    EngineCookie Cookie,
    IReadOnlyList<string> Goals,
    IReadOnlyList<EngineExperiment> Experiments);

/// <summary>How the engine writes the visitor cookie.</summary>
internal sealed record EngineCookie(int Days);

/// <summary>An experiment that the server decides and the engine reports.</summary>
internal sealed record EngineExperiment(long Id, string Name, string Kind, IReadOnlyList<EngineVariation> Variations)
{
    internal static EngineExperiment Of(CatalogExperiment experiment) => new(
        experiment.Id,
        experiment.FlagKey,
        "feature",
        [.. experiment.Variations.Select(v => new EngineVariation(v.Id, v.Name.Length > 0 ? v.Name : v.Key))]);
}

/// <summary>A variation under the name that integrations pass on.</summary>
internal sealed record EngineVariation(long Id, string Name);
