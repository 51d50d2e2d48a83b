namespace Kameleoon.Hybrid.Decisions;

/// <summary>Decides one flag for one visitor, as a pure function of data file and facts.</summary>
/// <remarks>
/// The steps are separate methods that stop where a rule needs hashes, so that <see cref="DecisionBatch"/> can compute
/// the hashes of several flags at once.
/// </remarks>
internal static class Evaluator
{
    /// <summary>Decides a flag for a visitor.</summary>
    /// <param name="flag">The flag.</param>
    /// <param name="site">The flags of the data file and the settings that they share.</param>
    /// <param name="visitor">The facts about the visitor.</param>
    /// <param name="trace">Records every step; null when no explanation is needed.</param>
    internal static Decision Evaluate(FeatureFlag flag, SiteFlags site, IVisitorFacts visitor, Trace? trace)
    {
        if (TryDecideWithoutRules(flag, visitor, trace, out var decision))
        {
            return decision;
        }

        var code = new CodeBlock(
            stackalloc byte[Sha256Block.Size], FindOwnBucketingCode(flag, visitor) ?? GetBucketingCode(visitor));
        trace?.Code(code.Code, visitor);
        var context = new EvaluationContext(site, visitor, code, trace);
        if (PassesHoldoutAndGroup(flag, context, ref decision)
            && RuleEvaluator.FindNextRule(flag, 0, context, ref decision) is >= 0 and var ruleIndex)
        {
            RuleEvaluator.DecideFrom(
                flag, ruleIndex, new RuleHashes(code, flag.RuleTable[ruleIndex]), context, ref decision);
        }

        return decision;
    }

    /// <summary>
    /// The value of the flag's custom data slot, which is hashed instead of the visitor's code, or null for none.
    /// </summary>
    internal static string? FindOwnBucketingCode(FeatureFlag flag, IVisitorFacts visitor) =>
        flag.BucketingIndex is { } index && visitor.GetCustomData(index) is [var first, ..] ? first : null;

    /// <summary>
    /// The code that is hashed for all other flags: the mapping identifier, or else the visitor code.
    /// </summary>
    internal static string GetBucketingCode(IVisitorFacts visitor) => visitor.MappingIdentifier ?? visitor.VisitorCode;

    /// <summary>
    /// Decides a flag that is simulated or off, or whose visitor is a bot; rules do not matter there.
    /// </summary>
    /// <param name="flag">The flag.</param>
    /// <param name="visitor">The facts about the visitor.</param>
    /// <param name="trace">Records every step, or null.</param>
    /// <param name="decision">The decision; when the result is false, the one that stands if no rule applies.</param>
    /// <returns>Whether the flag is decided.</returns>
    internal static bool TryDecideWithoutRules(
        FeatureFlag flag, IVisitorFacts visitor, Trace? trace, out Decision decision)
    {
        if (visitor.Simulation is { } simulation && simulation.TryFind(flag.Key, out var simulated))
        {
            trace?.Simulated(simulated);
            var rule = simulated?.ExperimentId is { } experimentId ? flag.FindRule(experimentId) : null;
            decision = new Decision(simulated ?? flag.SimulatedDefault, flag, rule);
            return true;
        }

        trace?.Environment(flag);
        if (flag.EnvironmentEnabled && visitor.IsBot)
        {
            trace?.Bot();
            decision = new Decision(flag.ForBot, flag);
            return true;
        }

        decision = new Decision(flag.EnvironmentEnabled ? flag.Default : flag.Disabled, flag);
        return !flag.EnvironmentEnabled;
    }

    /// <summary>Whether neither the holdout nor the exclusive group keeps the visitor from the flag's rules.</summary>
    internal static bool PassesHoldoutAndGroup(FeatureFlag flag, in EvaluationContext context, ref Decision decision) =>
        PassesHoldout(flag, context, ref decision) && PassesGroup(flag, context, ref decision);

    private static bool PassesHoldout(FeatureFlag flag, in EvaluationContext context, ref Decision decision)
    {
        if (context.Site.Holdout is not { } holdout)
        {
            return true;
        }

        if (context.Site.RefusalBlocksEverything && context.Site.IsRefusedBy(context.Visitor))
        {
            context.Trace?.Refused("The holdout is an experiment, and the site blocks everything after a refusal");
            decision = new Decision(flag.Blocked, flag);
            return false;
        }

        var hash = context.Hash(holdout);
        var assigned = holdout.Assign(hash);
        context.Trace?.Holdout(holdout, hash, assigned);
        var isHeld = Holdout.IsHeldOut(assigned);
        decision = new Decision(isHeld ? flag.HeldOut : flag.Default, flag, Holdout: assigned);
        return !isHeld;
    }

    private static bool PassesGroup(FeatureFlag flag, in EvaluationContext context, ref Decision decision)
    {
        if (flag.Group is not { } group)
        {
            return true;
        }

        var hash = context.Hash(group);
        var admitted = group.Choose(hash);
        context.Trace?.Group(group, flag, hash, admitted);
        if (ReferenceEquals(admitted, flag))
        {
            return true;
        }

        decision = decision with { Variation = flag.Excluded };
        return false;
    }
}
