namespace Kameleoon.Hybrid.Decisions;

/// <summary>Evaluates the rules of a flag in order until one decides it.</summary>
internal static class RuleEvaluator
{
    private const int NoRule = -1;

    /// <summary>
    /// Finds the next rule whose segment matches the visitor; a forced variation of a rule decides the flag.
    /// </summary>
    /// <returns>The index of the rule, or -1 when no rule is left or a forced variation decided the flag.</returns>
    internal static int FindNextRule(FeatureFlag flag, int from, in EvaluationContext context, ref Decision decision)
    {
        for (var i = from; i < flag.RuleTable.Length; i++)
        {
            var rule = flag.RuleTable[i];
            context.Trace?.Rule(rule);
            var forced = context.Visitor.FindForced(rule.ExperimentId);
            if (forced is not { ForceTargeting: true }
                && !rule.Segment.Matches(context.Visitor, rule.ExperimentId, decision.Holdout, context.Trace))
            {
                continue;
            }

            if (forced is null)
            {
                return i;
            }

            context.Trace?.Forced(forced);
            decision = decision with { Variation = forced.Variation, Rule = rule };
            return NoRule;
        }

        return NoRule;
    }

    /// <summary>Decides the flag, starting with a rule that <see cref="FindNextRule"/> found.</summary>
    internal static void DecideFrom(
        FeatureFlag flag,
        int reached,
        RuleHashes hashes,
        in EvaluationContext context,
        ref Decision decision)
    {
        while (!TryDecide(flag, flag.RuleTable[reached], ref hashes, context, ref decision))
        {
            reached = FindNextRule(flag, reached + 1, context, ref decision);
            if (reached < 0)
            {
                return;
            }

            hashes = new RuleHashes(context.Code, flag.RuleTable[reached]);
        }
    }

    /// <summary>Evaluates one rule whose segment matches the visitor.</summary>
    /// <returns>Whether the search ends here: later rules are not evaluated.</returns>
    private static bool TryDecide(
        FeatureFlag flag,
        Rule rule,
        ref RuleHashes hashes,
        in EvaluationContext context,
        ref Decision decision)
    {
        if (!IsExposed(rule, ref hashes, context.Trace))
        {
            // A visitor outside a delivery's exposition does not get to the rules after it.
            return rule.IsTargetedDelivery;
        }

        if (rule.IsExperiment && context.Site.IsRefusedBy(context.Visitor))
        {
            context.Trace?.Refused("The rule is an experiment");
            decision = decision with
            {
                Variation = context.Site.RefusalBlocksEverything ? flag.Blocked : flag.Refused,
            };
            return true;
        }

        if (Choose(rule, context.Visitor, ref hashes, context.Trace) is not { } chosen)
        {
            return rule.IsTargetedDelivery;
        }

        decision = decision with { Variation = chosen, Rule = rule };
        return true;
    }

    private static bool IsExposed(Rule rule, ref RuleHashes hashes, Trace? trace)
    {
        // An explanation shows the hash even where it does not affect the result.
        if (!rule.NeedsExpositionHash && trace is null)
        {
            return true;
        }

        var hash = hashes.GetExposition();
        var exposes = hash <= rule.Exposition;
        trace?.Exposition(rule, hash, exposes);
        return exposes;
    }

    private static Variation? Choose(Rule rule, IVisitorFacts visitor, ref RuleHashes hashes, Trace? trace)
    {
        if (visitor.GetBanditScores(rule.ExperimentId) is { } scores
            && Bandit.Choose(rule, scores, ref hashes) is { } best)
        {
            trace?.Bandit(scores, best);
            return best;
        }

        if (rule.IsTargetedDelivery)
        {
            var delivered = FirstVariation(rule);
            trace?.Delivered(delivered);
            return delivered;
        }

        if (!rule.NeedsVariationHash && trace is null)
        {
            return FirstVariation(rule);
        }

        var hash = hashes.GetVariation();
        var chosen = ExposedVariation.Select(rule.Exposed, hash);
        trace?.Chosen(rule.Exposed, hash, chosen);
        return chosen;
    }

    private static Variation? FirstVariation(Rule rule) => rule.Exposed is [var first, ..] ? first.Variation : null;
}
