using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>An experiment that the engine decides, or whose exposures the engine reports for the server.</summary>
/// <remarks>Setters, because reading a project would put null in place of the default of an <c>init</c> member.</remarks>
internal sealed record EngineExperiment(long Id, string Name)
{
    /// <summary><c>web</c>: the engine decides. <c>feature</c>: the server does. <c>holdout</c>: visitors who see no other
    /// experiment.
    /// </summary>
    public string Kind { get; set; } = "feature";

    /// <summary>TECHNICAL, DELAYED, LIVE-UPDATE.</summary>
    public IReadOnlyList<string> Tags { get; set; } = [];

    public IReadOnlyList<EngineVariation> Variations { get; set; } = [];

    /// <summary>The segment that is targeted; null targets every visitor.</summary>
    public long? SegmentId { get; set; }

    public IReadOnlyList<long> Goals { get; set; } = [];

    public long? MainGoalId { get; set; }

    /// <summary>Names of <see cref="EngineConfiguration.Integrations"/>.</summary>
    public IReadOnlyList<string> Integrations { get; set; } = [];

    /// <summary>Runs on every page, for targeted and other visitors.</summary>
    public EngineScript? GlobalScript { get; set; }

    public bool Paused { get; set; }

    /// <summary>Whether exposures are sent.</summary>
    public bool Track { get; set; } = true;

    public int AssignmentDays { get; set; } = 30;

    internal static EngineExperiment Of(CatalogExperiment experiment) => experiment.Kind == CampaignKind.Holdout
        ? new(experiment.Id, experiment.FlagKey)
        {
            Kind = "holdout",

            // The engine recognises the holdout by its key, and assigns by the shares when no server did.
            Variations = [.. experiment.Variations.Select(v => new EngineVariation(v.Id, v.Key) { Share = v.Share })],
        }
        : new(experiment.Id, experiment.FlagKey)
        {
            Variations =
                [.. experiment.Variations.Select(v => new EngineVariation(v.Id, v.Name.Length > 0 ? v.Name : v.Key))],
        };
}

/// <summary>A variation under the name that integrations pass on; 0 is the reference.</summary>
internal sealed record EngineVariation(long Id, string Name)
{
    /// <summary>Share of the traffic from 0 to 1. Null: the engine assigns no visitor to it.</summary>
    public double? Share { get; set; }

    public EngineScript? Js { get; set; }

    public string? Css { get; set; }

    /// <summary>Address the visitor is sent to.</summary>
    public string? Redirect { get; set; }

    /// <summary>Unix time in seconds of the last redistribution.</summary>
    public long? RespoolTime { get; set; }

    /// <summary>Whether its code is in the variation's own file.</summary>
    public bool Deferred { get; set; }

    internal bool HasCode => Js is not null || Css is not null || Redirect is not null;

    internal EngineVariation WithoutCode() => this with { Js = null, Css = null, Redirect = null, Deferred = HasCode };
}

/// <summary>A personalization that the engine shows.</summary>
/// <remarks>Setters, because reading a project would put null in place of the default of an <c>init</c> member.</remarks>
internal sealed record EnginePersonalization(long Id, string Name)
{
    /// <summary>1 is the highest; of those with a priority one is shown. Null: independent of the others.</summary>
    public int? Priority { get; set; }

    /// <summary>When it runs; empty is always.</summary>
    public IReadOnlyList<EnginePeriod> Schedule { get; set; } = [];

    public EngineCapping? Capping { get; set; }

    /// <summary>Conditions beyond the segment, in the same form; null is none.</summary>
    public JsonElement? Scenario { get; set; }

    public long? SegmentId { get; set; }

    public IReadOnlyList<long> Goals { get; set; } = [];

    public IReadOnlyList<string> Integrations { get; set; } = [];

    public IReadOnlyList<string> Tags { get; set; } = [];

    public EngineVariation? Variation { get; set; }
}

/// <summary>Bounds in milliseconds since 1970; null is open.</summary>
internal sealed record EnginePeriod(long? Start = null, long? End = null);

/// <summary>How often a personalization is shown.</summary>
/// <param name="Global">To how many visitors.</param>
/// <param name="Visitors">How many saw it until the configuration was written.</param>
/// <param name="Visitor">In how many visits of one visitor.</param>
internal sealed record EngineCapping(int? Global = null, int Visitors = 0, int? Visitor = null);
