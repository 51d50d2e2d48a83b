namespace Kameleoon.Hybrid.Decisions;

/// <summary>Decides one flag for one visitor: a pure function of data file and facts.</summary>
internal static class Evaluator
{
    /// <param name="flag">The flag.</param>
    /// <param name="site">What holds for every flag.</param>
    /// <param name="visitor">What is known of the visitor.</param>
    /// <param name="trace">Notes every step, or null, which costs nothing.</param>
    internal static Decision Evaluate(FeatureFlag flag, Site site, IVisitorFacts visitor, Trace? trace)
    {
        if (visitor.Simulation?.Find(flag.Key) is { } simulated)
        {
            trace?.Simulated(simulated);
            return new Decision(simulated.Variation ?? flag.SimulatedDefault, flag, simulated.Rule);
        }

        trace?.Environment(flag);
        if (!flag.EnvironmentEnabled)
        {
            return new Decision(flag.Disabled, flag);
        }

        var code = CodeForHash(flag, visitor);
        trace?.Code(code, visitor);
        if (site.Holdout is null)
        {
            return BehindHoldout(flag, site, visitor, code, null, trace);
        }

        if (site.RefusalBlocksEverything && site.IsRefusedBy(visitor))
        {
            trace?.Refused("The holdout is an experiment, and the site blocks everything after a refusal");
            return new Decision(flag.Blocked, flag);
        }

        var assigned = site.Holdout.Assign(code);
        trace?.Holdout(site.Holdout, code, assigned);
        return Holdout.Holds(assigned)
            ? new Decision(flag.HeldOut, flag, Holdout: assigned)
            : BehindHoldout(flag, site, visitor, code, assigned, trace);
    }

    private static Decision BehindHoldout(
        FeatureFlag flag,
        Site site,
        IVisitorFacts visitor,
        string code,
        Variation? holdout,
        Trace? trace)
    {
        if (flag.Group is { } group)
        {
            var admitted = group.Admitted(code);
            trace?.Group(group, flag, code, admitted);
            if (!ReferenceEquals(admitted, flag))
            {
                return new Decision(flag.Excluded, flag, Holdout: holdout);
            }
        }

        foreach (var rule in flag.RuleTable)
        {
            trace?.Rule(rule);
            var (outcome, chosen) = Apply(rule, site, visitor, code, trace);
            switch (outcome)
            {
                case RuleOutcome.Chosen:
                    return new Decision(chosen!, flag, rule, holdout);
                case RuleOutcome.Refused:
                    return new Decision(
                        site.RefusalBlocksEverything ? flag.Blocked : flag.Refused, flag, Holdout: holdout);
                case RuleOutcome.Stop:
                    return new Decision(flag.Default, flag, Holdout: holdout);
                default:
                    continue;
            }
        }

        return new Decision(flag.Default, flag, Holdout: holdout);
    }

    private static (RuleOutcome Outcome, Variation? Chosen) Apply(
        Rule rule,
        Site site,
        IVisitorFacts visitor,
        string code,
        Trace? trace)
    {
        var forced = visitor.FindForced(rule.ExperimentId);
        if (forced is { ForceTargeting: true })
        {
            trace?.Forced(forced);
            return (RuleOutcome.Chosen, forced.Variation);
        }

        if (!rule.Segment.Matches(visitor, rule.ExperimentId, trace))
        {
            return (RuleOutcome.Next, null);
        }

        if (forced is not null)
        {
            trace?.Forced(forced);
            return (RuleOutcome.Chosen, forced.Variation);
        }

        var hash = rule.ExpositionHash.For(code);
        var exposed = hash <= rule.Exposition;
        trace?.Exposition(rule, hash, exposed);
        if (!exposed)
        {
            // Visitors outside a delivery's share never reach the rules behind it.
            return (rule.IsTargetedDelivery ? RuleOutcome.Stop : RuleOutcome.Next, null);
        }

        if (rule.IsExperiment && site.IsRefusedBy(visitor))
        {
            trace?.Refused("The rule is an experiment");
            return (RuleOutcome.Refused, null);
        }

        return Choose(rule, visitor, code, trace);
    }

    private static (RuleOutcome Outcome, Variation? Chosen) Choose(
        Rule rule,
        IVisitorFacts visitor,
        string code,
        Trace? trace)
    {
        if (visitor.GetBanditScores(rule.ExperimentId) is { } scores
            && Bandit.Choose(rule, scores, code) is { } best)
        {
            trace?.Bandit(scores, best);
            return (RuleOutcome.Chosen, best);
        }

        if (rule.IsTargetedDelivery)
        {
            var delivered = rule.Exposed is [var first, ..] ? first.Variation : null;
            trace?.Delivered(delivered);
            return (delivered is null ? RuleOutcome.Stop : RuleOutcome.Chosen, delivered);
        }

        var hash = rule.VariationHash.For(code);
        var chosen = ExposedVariation.Select(rule.Exposed, hash);
        trace?.Chosen(rule.Exposed, hash, chosen);
        return (chosen is null ? RuleOutcome.Next : RuleOutcome.Chosen, chosen);
    }

    private static string CodeForHash(FeatureFlag flag, IVisitorFacts visitor) =>
        (flag.BucketingIndex is { } index && visitor.GetCustomData(index) is [var first, ..] ? first : null)
        ?? visitor.MappingIdentifier
        ?? visitor.VisitorCode;

    private enum RuleOutcome
    {
        Next,
        Stop,
        Refused,
        Chosen,
    }
}
