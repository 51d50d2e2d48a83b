using System.Collections.Immutable;
using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Records the steps of a decision about a flag as sentences.</summary>
internal static class FlagTrace
{
    internal static void UnknownFlag(this Trace trace) =>
        trace.Add(ExplanationStepKind.Flag, 0, "The data file has no flag of this key", false);

    internal static void Environment(this Trace trace, FeatureFlag flag) => trace.Add(
        ExplanationStepKind.Flag,
        0,
        flag.EnvironmentEnabled ? "The flag is on in this environment" : "The flag is off in this environment",
        flag.EnvironmentEnabled);

    internal static void Simulated(this Trace trace, Variation? variation) => trace.Add(
        ExplanationStepKind.Simulation,
        0,
        variation is null
            ? "The browser simulates the default variation"
            : $"The browser simulates variation {variation.Key}",
        true);

    internal static void Bot(this Trace trace) => trace.Add(
        ExplanationStepKind.Bot, 0, "The visitor is a bot, which is given no variation by any rule", false);

    internal static void Code(this Trace trace, string code, IVisitorFacts visitor) => trace.Add(
        ExplanationStepKind.Code,
        0,
        string.Equals(code, visitor.VisitorCode, StringComparison.Ordinal)
            ? "The visitor code is hashed"
            : $"\"{code}\" is hashed instead of the visitor code");

    internal static void Holdout(this Trace trace, Holdout holdout, double hash, Variation? assigned)
    {
        var held = Decisions.Holdout.IsHeldOut(assigned);
        Chosen(
            trace, ExplanationStepKind.Holdout, 0, holdout.Exposed, hash, assigned,
            held ? "The visitor is held out of all flags" : "The visitor is not held out", !held);
    }

    internal static void Group(
        this Trace trace, ExclusiveGroup group, FeatureFlag flag, double hash, FeatureFlag admitted)
    {
        var slot = Math.Min((int)(hash * group.Count), group.Count - 1);
        var text = ReferenceEquals(admitted, flag)
            ? $"The flag has this visitor among the {group.Count} of group {group.Name}"
            : $"Flag {admitted.Key} has this visitor among the {group.Count} of group {group.Name}";
        var range = new HashComparison(hash, (double)slot / group.Count, (slot + 1.0) / group.Count);
        trace.Add(ExplanationStepKind.Group, 0, $"{text}: {Describe(range)}", ReferenceEquals(admitted, flag), range);
    }

    internal static void Rule(this Trace trace, Rule rule)
    {
        var type = rule.IsTargetedDelivery ? "delivery" : "experiment";
        trace.Add(ExplanationStepKind.Rule, 0, string.Create(
            CultureInfo.InvariantCulture, $"Rule {rule.Id}, {type} {rule.ExperimentId}"));
    }

    internal static void Forced(this Trace trace, ForcedVariation forced) => trace.Add(
        ExplanationStepKind.Forced, 1, $"The application forces variation {forced.Variation.Key}", true);

    internal static void Exposition(this Trace trace, Rule rule, double hash, bool exposed)
    {
        var range = new HashComparison(hash, 0, rule.Exposition);
        var text = exposed ? "The rule exposes this visitor" : "The rule does not expose this visitor";
        trace.Add(ExplanationStepKind.Exposition, 1, $"{text}: {Describe(range)}", exposed, range);
        if (!exposed && rule.IsTargetedDelivery)
        {
            trace.Add(ExplanationStepKind.Exposition, 1, "A delivery ends the search for visitors it targets", false);
        }
    }

    internal static void Refused(this Trace trace, string why) => trace.Add(
        ExplanationStepKind.Consent, 1, $"The visitor refused consent. {why}", false);

    internal static void Bandit(
        this Trace trace, IReadOnlyDictionary<long, double> scores, Variation best) => trace.Add(
        ExplanationStepKind.Variation,
        1,
        string.Create(
            CultureInfo.InvariantCulture, $"Variation {best.Key} has the best score, {scores[best.Id!.Value]}"),
        true);

    internal static void Delivered(this Trace trace, Variation? delivered) => trace.Add(
        ExplanationStepKind.Variation,
        1,
        delivered is null ? "The delivery has no variation" : $"The delivery gives variation {delivered.Key}",
        delivered is not null);

    internal static void Chosen(
        this Trace trace, ImmutableArray<ExposedVariation> exposed, double hash, Variation? chosen) => Chosen(
        trace, ExplanationStepKind.Variation, 1, exposed, hash, chosen,
        chosen is null ? "The shares leave this visitor out" : $"The visitor gets variation {chosen.Key}",
        chosen is not null);

    private static void Chosen(
        Trace trace,
        ExplanationStepKind kind,
        int depth,
        ImmutableArray<ExposedVariation> exposed,
        double hash,
        Variation? chosen,
        string text,
        bool passed)
    {
        var from = 0.0;
        var to = 0.0;
        foreach (var entry in exposed)
        {
            var end = to + entry.Share;
            if (ReferenceEquals(entry.Variation, chosen))
            {
                from = to;
                to = end;
                break;
            }

            to = end;
        }

        var range = new HashComparison(hash, from, to);
        trace.Add(kind, depth, $"{text}: {Describe(range)}", passed, range);
    }

    private static string Describe(HashComparison range)
    {
        var place = range.Value <= range.To && (range.Value > range.From || range.From == 0) ? "in" : "not in";
        return string.Create(
            CultureInfo.InvariantCulture, $"hash {range.Value:R} is {place} {range.From:R} to {range.To:R}");
    }
}
