using System.Collections.Immutable;
using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Notes the steps of one decision in words; deciding without explaining passes none.</summary>
internal sealed class Trace
{
    private readonly List<ExplanationStep> _steps = [];

    internal IReadOnlyList<ExplanationStep> Steps => _steps;

    internal void UnknownFlag() => Add(ExplanationStepKind.Flag, 0, "The data file has no flag of this key", false);

    internal void Environment(FeatureFlag flag) => Add(
        ExplanationStepKind.Flag,
        0,
        flag.EnvironmentEnabled ? "The flag is on in this environment" : "The flag is off in this environment",
        flag.EnvironmentEnabled);

    internal void Simulated(SimulatedVariation simulated) => Add(
        ExplanationStepKind.Simulation,
        0,
        simulated.Variation is { } variation
            ? $"The browser simulates variation {variation.Key}"
            : "The browser simulates the default variation",
        true);

    internal void Bot() => Add(
        ExplanationStepKind.Bot, 0, "The visitor is a bot, which is given no variation by any rule", false);

    internal void Code(string code, IVisitorFacts visitor) => Add(
        ExplanationStepKind.Code,
        0,
        string.Equals(code, visitor.VisitorCode, StringComparison.Ordinal)
            ? "The visitor code is hashed"
            : $"\"{code}\" is hashed instead of the visitor code");

    internal void Holdout(Holdout holdout, double hash, Variation? assigned)
    {
        var held = Decisions.Holdout.Holds(assigned);
        Chosen(
            ExplanationStepKind.Holdout, 0, holdout.Exposed, hash, assigned,
            held ? "The visitor is held out of all flags" : "The visitor is not held out", !held);
    }

    internal void Group(ExclusiveGroup group, FeatureFlag flag, double hash, FeatureFlag admitted)
    {
        var slot = Math.Min((int)(hash * group.Count), group.Count - 1);
        var text = ReferenceEquals(admitted, flag)
            ? $"The flag has this visitor among the {group.Count} of group {group.Name}"
            : $"Flag {admitted.Key} has this visitor among the {group.Count} of group {group.Name}";
        var range = new HashComparison(hash, (double)slot / group.Count, (slot + 1.0) / group.Count);
        Add(ExplanationStepKind.Group, 0, $"{text}: {Words(range)}", ReferenceEquals(admitted, flag), range);
    }

    internal void Rule(Rule rule)
    {
        var type = rule.IsTargetedDelivery ? "delivery" : "experiment";
        Add(ExplanationStepKind.Rule, 0, string.Create(
            CultureInfo.InvariantCulture, $"Rule {rule.Id}, {type} {rule.ExperimentId}"));
    }

    internal void Forced(ForcedVariation forced) => Add(
        ExplanationStepKind.Forced, 1, $"The application forces variation {forced.Variation.Key}", true);

    internal void Segment(long id, bool matches) => Add(
        ExplanationStepKind.Segment,
        1,
        string.Create(CultureInfo.InvariantCulture, $"Segment {id} {(matches ? "has" : "does not have")} this visitor"),
        matches);

    internal void Condition(Condition condition, in TargetingContext context, bool holds)
    {
        var found = condition.Found(context) is { } fact ? $"it is {fact}" : "nothing is known";
        var type = condition.IsIncluded ? condition.Type : $"{condition.Type} (excluded)";
        Add(ExplanationStepKind.Condition, context.Depth + 2, $"{type} {condition.Wanted}: {found}", holds);
    }

    internal void Exposition(Rule rule, double hash, bool exposed)
    {
        var range = new HashComparison(hash, 0, rule.Exposition);
        var text = exposed ? "The rule exposes this visitor" : "The rule does not expose this visitor";
        Add(ExplanationStepKind.Exposition, 1, $"{text}: {Words(range)}", exposed, range);
        if (!exposed && rule.IsTargetedDelivery)
        {
            Add(ExplanationStepKind.Exposition, 1, "A delivery ends the search for visitors it targets", false);
        }
    }

    internal void Refused(string why) => Add(
        ExplanationStepKind.Consent, 1, $"The visitor refused consent. {why}", false);

    internal void Bandit(IReadOnlyDictionary<long, double> scores, Variation best) => Add(
        ExplanationStepKind.Variation,
        1,
        string.Create(
            CultureInfo.InvariantCulture, $"Variation {best.Key} has the best score, {scores[best.Id!.Value]}"),
        true);

    internal void Delivered(Variation? delivered) => Add(
        ExplanationStepKind.Variation,
        1,
        delivered is null ? "The delivery has no variation" : $"The delivery gives variation {delivered.Key}",
        delivered is not null);

    internal void Chosen(ImmutableArray<ExposedVariation> exposed, double hash, Variation? chosen) => Chosen(
        ExplanationStepKind.Variation, 1, exposed, hash, chosen,
        chosen is null ? "The shares leave this visitor out" : $"The visitor gets variation {chosen.Key}",
        chosen is not null);

    private void Chosen(
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
        Add(kind, depth, $"{text}: {Words(range)}", passed, range);
    }

    private static string Words(HashComparison range)
    {
        var place = range.Value <= range.To && (range.Value > range.From || range.From == 0) ? "in" : "not in";
        return string.Create(
            CultureInfo.InvariantCulture, $"hash {range.Value:R} is {place} {range.From:R} to {range.To:R}");
    }

    private void Add(
        ExplanationStepKind kind,
        int depth,
        string text,
        bool? passed = null,
        HashComparison? hash = null) => _steps.Add(new ExplanationStep(kind, depth, text, passed, hash));
}
