using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid;

/// <summary>A request to decide flags.</summary>
/// <param name="Keys">The keys of the flags. Without keys all flags are decided.</param>
/// <param name="Track">Whether the server reports the decisions as exposures.</param>
internal sealed record DecisionsRequest(IReadOnlyList<string>? Keys = null, bool Track = true);

/// <summary>The decisions for the caller.</summary>
/// <param name="VisitorCode">The visitor code of the caller.</param>
/// <param name="Decisions">The decisions, in the order of the requested keys or of the data file.</param>
/// <param name="Queue">For pages: the entries to push to the engine's queue, in this order.</param>
internal sealed record DecisionsAnswer(
    string VisitorCode, IReadOnlyList<DecisionMessage> Decisions, JsonArray? Queue = null);

/// <summary>The decision about one flag.</summary>
internal sealed record DecisionMessage(
    string Key,
    string VariationKey,
    long? VariationId,
    long? ExperimentId,
    bool IsActive,
    DecisionReason Reason,
    IReadOnlyDictionary<string, object?> Variables)
{
    internal static DecisionMessage Of(string key, Variation variation) => new(
        key,
        variation.Key,
        variation.Id,
        variation.ExperimentId,
        variation.IsActive,
        variation.Reason,
        variation.Variables.ToDictionary(pair => pair.Key, pair => pair.Value.Value, StringComparer.Ordinal));
}
