using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid;

/// <summary>Which flags to decide.</summary>
/// <param name="Keys">Their keys; all flags without.</param>
/// <param name="Track">Whether the decisions are exposures, which the server reports.</param>
internal sealed record DecisionsRequest(IReadOnlyList<string>? Keys = null, bool Track = true);

/// <summary>The decisions for the caller.</summary>
/// <param name="VisitorCode">Whose they are.</param>
/// <param name="Decisions">In the order asked, or that of the data file.</param>
/// <param name="Queue">For pages: what to push to the engine's queue, in this order.</param>
internal sealed record DecisionsAnswer(
    string VisitorCode, IReadOnlyList<DecisionMessage> Decisions, JsonArray? Queue = null);

/// <summary>One flag, decided.</summary>
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
