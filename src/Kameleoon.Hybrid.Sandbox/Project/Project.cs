namespace Kameleoon.Hybrid.Sandbox;

/// <summary>A project as a person writes it: everything the data file and the engine's configuration are made of.</summary>
internal sealed record Project(
    ProjectSite Site,
    IReadOnlyList<ProjectCustomData> CustomData,
    IReadOnlyList<ProjectGoal> Goals,
    IReadOnlyList<ProjectSegment> Segments,
    ProjectHoldout? Holdout,
    IReadOnlyList<ProjectFlag> Flags,
    ProjectEngine Engine);

/// <summary>What holds for the whole site.</summary>
internal sealed record ProjectSite(bool ConsentRequired, bool FullyBlock, bool RealTimeUpdate, string? DataDomain);

/// <summary>One slot of custom data.</summary>
internal sealed record ProjectCustomData(
    long Id, int Index, string Name, string Scope, bool LocalOnly, bool Mapping, string? Type);

/// <summary>One goal; <paramref name="Source"/> is what the engine needs to watch for it.</summary>
internal sealed record ProjectGoal(long Id, string Key, string Name, SourceNode Source);

/// <summary>One audience: groups of conditions, in the form of the data file; <paramref name="AnyGroup"/> says whether
/// one true group is enough, or all have to be true.</summary>
internal sealed record ProjectSegment(
    long Id,
    string Key,
    bool Audience,
    bool AnyGroup,
    IReadOnlyList<IReadOnlyList<ProjectCondition>> Groups,
    DateTimeOffset? Created,
    DateTimeOffset? Changed);

/// <summary>One condition, its members already in the words of the data file.</summary>
internal sealed record ProjectCondition(IReadOnlyList<KeyValuePair<string, object>> Members);

/// <summary>The share of visitors who see no experiment at all.</summary>
internal sealed record ProjectHoldout(long ExperimentId, long InId, long OutId, double Share);

/// <summary>One feature flag; <paramref name="Environments"/> says where it is on, and <c>*</c> stands for all others.
/// </summary>
internal sealed record ProjectFlag(
    long Id,
    string Key,
    IReadOnlyDictionary<string, bool> Environments,
    string Default,
    string? Group,
    string? BucketBy,
    IReadOnlyList<ProjectVariation> Variations,
    IReadOnlyList<ProjectRule> Rules)
{
    internal bool IsOn(string environment) =>
        Environments.TryGetValue(environment, out var on) ? on : Environments.GetValueOrDefault("*", false);
}

/// <summary>One variation of a flag.</summary>
internal sealed record ProjectVariation(string Key, string Name, IReadOnlyList<ProjectVariable> Variables);

/// <summary>One variable of a variation: a boolean, a double or a text.</summary>
internal sealed record ProjectVariable(string Key, string Type, object Value);

/// <summary>One rule of a flag.</summary>
internal sealed record ProjectRule(
    long Id,
    long ExperimentId,
    bool Delivery,
    long? SegmentId,
    double Traffic,
    long? RespoolTime,
    IReadOnlyList<ProjectShare> Shares,
    string Name,
    IReadOnlyList<string> Goals,
    IReadOnlyList<string> Integrations);

/// <summary>The part of a rule's traffic that one variation gets, from 0 to 1.</summary>
internal sealed record ProjectShare(string VariationKey, long? VariationId, double Share);

/// <summary>What only the browser engine reads, in the words of its configuration.</summary>
/// <param name="Settings">Members of the literal, as they were written.</param>
/// <param name="Experiments">Experiments in the browser, as they were written, with their ids.</param>
/// <param name="Personalizations">The same for personalizations.</param>
/// <param name="Integrations">Sources of functions by name.</param>
internal sealed record ProjectEngine(
    SourceNode? Settings,
    IReadOnlyList<ProjectCampaign> Experiments,
    IReadOnlyList<ProjectCampaign> Personalizations,
    IReadOnlyList<KeyValuePair<string, string>> Integrations);

/// <summary>One campaign of the engine.</summary>
internal sealed record ProjectCampaign(
    long Id,
    string Name,
    long? SegmentId,
    IReadOnlyList<string> Goals,
    IReadOnlyList<ProjectWebVariation> Variations,
    SourceNode Source);

/// <summary>One variation of a campaign; <paramref name="Source"/> holds its code.</summary>
internal sealed record ProjectWebVariation(long Id, string Name, double Share, SourceNode Source);
