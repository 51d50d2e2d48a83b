namespace Kameleoon.Hybrid.Decisions;

/// <summary>Takes a flag through its rules, from one that needs hashes to the next.</summary>
internal static class RuleSteps
{
    private const int Over = -1;

    /// <summary>Goes on to the next rule that targets the visitor and forces nothing.</summary>
    /// <returns>The rule's index, or below 0 when the flag is decided.</returns>
    internal static int Reach(FeatureFlag flag, int from, in Visit visit, ref Decision decision)
    {
        for (var i = from; i < flag.RuleTable.Length; i++)
        {
            var rule = flag.RuleTable[i];
            visit.Trace?.Rule(rule);
            var forced = visit.Visitor.FindForced(rule.ExperimentId);
            if (forced is not { ForceTargeting: true }
                && !rule.Segment.Matches(visit.Visitor, rule.ExperimentId, decision.Holdout, visit.Trace))
            {
                continue;
            }

            if (forced is null)
            {
                return i;
            }

            visit.Trace?.Forced(forced);
            decision = decision with { Variation = forced.Variation, Rule = rule };
            return Over;
        }

        return Over;
    }

    /// <summary>Goes all the way from a rule that was reached.</summary>
    internal static void Finish(
        FeatureFlag flag,
        int reached,
        RuleHashes hashes,
        in Visit visit,
        ref Decision decision)
    {
        while (!Settles(flag, flag.RuleTable[reached], ref hashes, visit, ref decision))
        {
            reached = Reach(flag, reached + 1, visit, ref decision);
            if (reached < 0)
            {
                return;
            }

            hashes = new RuleHashes(visit.Code, flag.RuleTable[reached]);
        }
    }

    /// <summary>Whether the rule is the last that is asked.</summary>
    private static bool Settles(
        FeatureFlag flag,
        Rule rule,
        ref RuleHashes hashes,
        in Visit visit,
        ref Decision decision)
    {
        if (!Exposes(rule, ref hashes, visit.Trace))
        {
            // Visitors outside a delivery's share never reach the rules behind it.
            return rule.IsTargetedDelivery;
        }

        if (rule.IsExperiment && visit.Site.IsRefusedBy(visit.Visitor))
        {
            visit.Trace?.Refused("The rule is an experiment");
            decision = decision with
            {
                Variation = visit.Site.RefusalBlocksEverything ? flag.Blocked : flag.Refused,
            };
            return true;
        }

        if (Choose(rule, visit.Visitor, ref hashes, visit.Trace) is not { } chosen)
        {
            return rule.IsTargetedDelivery;
        }

        decision = decision with { Variation = chosen, Rule = rule };
        return true;
    }

    private static bool Exposes(Rule rule, ref RuleHashes hashes, Trace? trace)
    {
        // An explanation shows the hash even where every other would have done.
        if (!rule.NeedsExpositionHash && trace is null)
        {
            return true;
        }

        var hash = hashes.Exposition();
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
            var delivered = First(rule);
            trace?.Delivered(delivered);
            return delivered;
        }

        if (!rule.NeedsVariationHash && trace is null)
        {
            return First(rule);
        }

        var hash = hashes.Variation();
        var chosen = ExposedVariation.Select(rule.Exposed, hash);
        trace?.Chosen(rule.Exposed, hash, chosen);
        return chosen;
    }

    private static Variation? First(Rule rule) => rule.Exposed is [var first, ..] ? first.Variation : null;
}
