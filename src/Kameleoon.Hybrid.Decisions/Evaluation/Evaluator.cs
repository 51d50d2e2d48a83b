namespace Kameleoon.Hybrid.Decisions;

/// <summary>Decides one flag for one visitor: a pure function of data file and facts.</summary>
internal static class Evaluator
{
    internal static Decision Evaluate(FeatureFlag flag, Holdout? holdout, IVisitorFacts visitor)
    {
        if (!flag.EnvironmentEnabled)
        {
            return new Decision(flag.Disabled, flag);
        }

        var code = CodeForHash(flag, visitor);
        var assigned = holdout?.Assign(code);
        if (Holdout.Holds(assigned))
        {
            return new Decision(flag.HeldOut, flag, Holdout: assigned);
        }

        if (flag.Group?.Admits(flag, code) == false)
        {
            return new Decision(flag.Excluded, flag, Holdout: assigned);
        }

        foreach (var rule in flag.Rules)
        {
            var (outcome, chosen) = Apply(rule, code);
            if (outcome == RuleOutcome.Chosen)
            {
                return new Decision(chosen!, flag, rule, assigned);
            }

            if (outcome == RuleOutcome.Stop)
            {
                break;
            }
        }

        return new Decision(flag.Default, flag, Holdout: assigned);
    }

    private static (RuleOutcome Outcome, Variation? Chosen) Apply(Rule rule, string code)
    {
        if (!rule.Segment.Matches)
        {
            return (RuleOutcome.Next, null);
        }

        var exposed = rule.ExpositionHash.For(code) <= rule.Exposition;
        if (rule.IsTargetedDelivery)
        {
            // Visitors outside a delivery's share never reach the rules behind it.
            return exposed && rule.Exposed is [var first, ..]
                ? (RuleOutcome.Chosen, first.Variation)
                : (RuleOutcome.Stop, null);
        }

        return exposed && ExposedVariation.Select(rule.Exposed, rule.VariationHash.For(code)) is { } chosen
            ? (RuleOutcome.Chosen, chosen)
            : (RuleOutcome.Next, null);
    }

    private static string CodeForHash(FeatureFlag flag, IVisitorFacts visitor) =>
        (flag.BucketingIndex is { } index ? visitor.GetCustomData(index) : null)
        ?? visitor.MappingIdentifier
        ?? visitor.VisitorCode;

    private enum RuleOutcome
    {
        Next,
        Stop,
        Chosen,
    }
}
