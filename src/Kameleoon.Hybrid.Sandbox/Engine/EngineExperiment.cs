using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>An experiment the engine runs, or reports for the server.</summary>
internal sealed record EngineExperiment(long Id, string Name)
{
    /// <summary><c>web</c>: the engine decides. <c>feature</c>: the server does. <c>holdout</c>: kept out of all others.</summary>
    public string Kind { get; init; } = "feature";

    /// <summary>TECHNICAL, DELAYED, LIVE-UPDATE.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<EngineVariation> Variations { get; init; } = [];

    /// <summary>Null: everybody.</summary>
    public long? SegmentId { get; init; }

    public IReadOnlyList<long> Goals { get; init; } = [];

    public long? MainGoalId { get; init; }

    /// <summary>Names of <see cref="EngineConfiguration.Integrations"/>.</summary>
    public IReadOnlyList<string> Integrations { get; init; } = [];

    /// <summary>Runs on every page, whoever is targeted.</summary>
    public EngineScript? GlobalScript { get; init; }

    public bool Paused { get; init; }

    /// <summary>Whether exposures are sent.</summary>
    public bool Track { get; init; } = true;

    public int AssignmentDays { get; init; } = 30;

    internal static EngineExperiment Of(CatalogExperiment experiment) => new(experiment.Id, experiment.FlagKey)
    {
        Variations = [.. experiment.Variations.Select(v => new EngineVariation(v.Id, v.Name.Length > 0 ? v.Name : v.Key))],
    };
}

/// <summary>A variation under the name that integrations pass on; 0 is the reference.</summary>
internal sealed record EngineVariation(long Id, string Name)
{
    /// <summary>Share of the traffic from 0 to 1. Null: none of it is the engine's to give.</summary>
    public double? Share { get; init; }

    public EngineScript? Js { get; init; }

    public string? Css { get; init; }

    /// <summary>Address the visitor is sent to.</summary>
    public string? Redirect { get; init; }

    /// <summary>Unix time in seconds of the last redistribution.</summary>
    public long? RespoolTime { get; init; }

    /// <summary>Whether its code is in the variation's own file.</summary>
    public bool Deferred { get; init; }

    internal bool HasCode => Js is not null || Css is not null || Redirect is not null;

    internal EngineVariation WithoutCode() => this with { Js = null, Css = null, Redirect = null, Deferred = HasCode };
}

/// <summary>A personalization.</summary>
internal sealed record EnginePersonalization(long Id, string Name)
{
    /// <summary>1 is the highest; of those with a priority one applies per page. Null: independent of the others.</summary>
    public int? Priority { get; init; }

    /// <summary>When it runs; empty is always.</summary>
    public IReadOnlyList<EnginePeriod> Schedule { get; init; } = [];

    public EngineCapping? Capping { get; init; }

    /// <summary>Conditions beyond the segment, in the same form; null is none.</summary>
    public JsonElement? Scenario { get; init; }

    public long? SegmentId { get; init; }

    public IReadOnlyList<long> Goals { get; init; } = [];

    public IReadOnlyList<string> Integrations { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public EngineVariation? Variation { get; init; }
}

/// <summary>Bounds in milliseconds since 1970; null is open.</summary>
internal sealed record EnginePeriod(long? Start = null, long? End = null);

/// <summary>How often a personalization is shown.</summary>
/// <param name="Global">To how many visitors.</param>
/// <param name="Visitors">How many saw it until the configuration was written.</param>
/// <param name="Visitor">In how many visits of one visitor.</param>
internal sealed record EngineCapping(int? Global = null, int Visitors = 0, int? Visitor = null);
