using System.Globalization;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Says in a sentence why a visitor got a variation.</summary>
internal static class InspectorReason
{
    /// <param name="flag">The flag.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="explanation">Its steps.</param>
    /// <param name="isSigned">Whether a signed override, and not the simulation cookie, shows other variations.</param>
    internal static string Of(FeatureFlag flag, in Decision decision, Explanation explanation, bool isSigned)
    {
        var key = decision.Variation.Key;
        return decision.Variation.Reason switch
        {
            DecisionReason.Simulated => isSigned
                ? $"An override shows \"{key}\" in this browser. Nothing is counted for it."
                : $"The simulation cookie shows \"{key}\" in this browser. Nothing is counted for it.",
            DecisionReason.Group => $"{LastTextOf(explanation, ExplanationStepKind.Group)}, so this flag shows the default, \"{key}\".",
            DecisionReason.Rule when decision.Rule is { } rule => OfRule(rule, decision.Variation),
            DecisionReason.Default => OfDefault(flag, explanation, key),
            var reason => OfReason(reason, key),
        };
    }

    private static string OfReason(DecisionReason reason, string key) => reason switch
    {
        DecisionReason.Disabled => "The flag is off in this environment.",
        DecisionReason.Forced => $"The application forces \"{key}\" for this visitor.",
        DecisionReason.Holdout => $"The visitor is held out of all flags and gets the default, \"{key}\".",
        DecisionReason.Consent => $"The visitor refused consent, so experiments do not run. The flag shows \"{key}\".",
        DecisionReason.Bot => $"The visitor is a bot, and bots get the default, \"{key}\".",
        DecisionReason.Guarded =>
            $"New visitors get the default, \"{key}\", at present, because the responses of another variation fail or are slow.",
        _ => $"The flag shows \"{key}\".",
    };

    private static string OfRule(Rule rule, Variation variation) => rule switch
    {
        { IsTargetedDelivery: false } => string.Create(
            CultureInfo.InvariantCulture,
            $"This visitor takes part in experiment {rule.ExperimentId}, which shows \"{variation.Key}\" to {Percent(rule.GetShare(variation.Id ?? 0))} of its visitors."),
        { Exposition: < 1 } => string.Create(
            CultureInfo.InvariantCulture,
            $"Delivery {rule.ExperimentId} shows \"{variation.Key}\" to {Percent(rule.Exposition)} of the visitors it targets, and to this one."),
        _ => string.Create(
            CultureInfo.InvariantCulture, $"Delivery {rule.ExperimentId} shows \"{variation.Key}\" to every visitor it targets."),
    };

    private static string OfDefault(FeatureFlag flag, Explanation explanation, string key)
    {
        if (flag.Rules.Count == 0)
        {
            return $"The flag has no rules, so every visitor gets the default, \"{key}\".";
        }

        var obstacle = explanation.Steps.LastOrDefault(static step => step is
        {
            Passed: false,
            Kind: ExplanationStepKind.Segment or ExplanationStepKind.Exposition or ExplanationStepKind.Variation or ExplanationStepKind.Consent,
        });
        return obstacle is null
            ? $"No rule applies, so the visitor gets the default, \"{key}\"."
            : $"No rule applies, so the visitor gets the default, \"{key}\". {WithoutHash(obstacle.Text)}.";
    }

    private static string LastTextOf(Explanation explanation, ExplanationStepKind kind) =>
        WithoutHash(explanation.Steps.LastOrDefault(step => step.Kind == kind)?.Text ?? "Another flag of the group has this visitor");

    private static string WithoutHash(string text) =>
        text.IndexOf(": hash", StringComparison.Ordinal) is var end and > 0 ? text[..end] : text;

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");
}
