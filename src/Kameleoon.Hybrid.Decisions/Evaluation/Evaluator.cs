namespace Kameleoon.Hybrid.Decisions;

/// <summary>Decides one flag for one visitor: a pure function of data file and facts.</summary>
internal static class Evaluator
{
    internal static Decision Evaluate(FeatureFlag flag, Holdout? holdout, IVisitorFacts visitor)
    {
        if (!flag.EnvironmentEnabled)
        {
            return new Decision(flag.Disabled);
        }

        var code = CodeForHash(flag, visitor);
        var assigned = holdout?.Assign(code);
        if (Holdout.Holds(assigned))
        {
            return new Decision(flag.HeldOut, Holdout: assigned);
        }

        if (flag.Group?.Admits(flag, code) == false)
        {
            return new Decision(flag.Excluded, Holdout: assigned);
        }

        return new Decision(FirstMatch(flag, code) ?? flag.Default, flag.RunsInBrowser, assigned);
    }

    private static Variation? FirstMatch(FeatureFlag flag, string code)
    {
        foreach (var rule in flag.Rules)
        {
            if (!rule.Segment.Matches)
            {
                continue;
            }

            var exposed = rule.ExpositionHash.For(code) <= rule.Exposition;
            if (rule.IsTargetedDelivery)
            {
                // Visitors outside a delivery's share never reach the rules behind it.
                return exposed && rule.Exposed is [var first, ..] ? first.Variation : null;
            }

            if (exposed && ExposedVariation.Select(rule.Exposed, rule.VariationHash.For(code)) is { } chosen)
            {
                return chosen;
            }
        }

        return null;
    }

    private static string CodeForHash(FeatureFlag flag, IVisitorFacts visitor) =>
        (flag.BucketingIndex is { } index ? visitor.GetCustomData(index) : null)
        ?? visitor.MappingIdentifier
        ?? visitor.VisitorCode;
}
