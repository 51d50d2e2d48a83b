namespace Kameleoon.Hybrid.Decisions;

/// <summary>Decides one flag for one visitor: a pure function of data file and facts.</summary>
/// <remarks>In steps that end where a rule needs hashes, so that several flags can have theirs together.</remarks>
internal static class Evaluator
{
    /// <param name="flag">The flag.</param>
    /// <param name="site">What holds for every flag.</param>
    /// <param name="visitor">What is known of the visitor.</param>
    /// <param name="trace">Notes every step, or null, which costs nothing.</param>
    internal static Decision Evaluate(FeatureFlag flag, SiteFlags site, IVisitorFacts visitor, Trace? trace)
    {
        if (IsSettled(flag, visitor, trace, out var decision))
        {
            return decision;
        }

        var code = new CodeBlock(stackalloc byte[Sha256Block.Size], OwnCode(flag, visitor) ?? SharedCode(visitor));
        trace?.Code(code.Code, visitor);
        var visit = new Visit(site, visitor, code, trace);
        if (Enters(flag, visit, ref decision)
            && RuleSteps.Reach(flag, 0, visit, ref decision) is >= 0 and var reached)
        {
            RuleSteps.Finish(flag, reached, new RuleHashes(code, flag.RuleTable[reached]), visit, ref decision);
        }

        return decision;
    }

    /// <summary>The code that the flag's custom data gives instead of the visitor's, or null for none.</summary>
    internal static string? OwnCode(FeatureFlag flag, IVisitorFacts visitor) =>
        flag.BucketingIndex is { } index && visitor.GetCustomData(index) is [var first, ..] ? first : null;

    /// <summary>The code that all other flags hash.</summary>
    internal static string SharedCode(IVisitorFacts visitor) => visitor.MappingIdentifier ?? visitor.VisitorCode;

    /// <summary>Whether the flag is decided whatever its rules say and whoever the visitor is.</summary>
    internal static bool IsSettled(FeatureFlag flag, IVisitorFacts visitor, Trace? trace, out Decision decision)
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

    /// <summary>Whether holdout and group let the visitor come before the flag's rules.</summary>
    internal static bool Enters(FeatureFlag flag, in Visit visit, ref Decision decision) =>
        PassesHoldout(flag, visit, ref decision) && PassesGroup(flag, visit, ref decision);

    private static bool PassesHoldout(FeatureFlag flag, in Visit visit, ref Decision decision)
    {
        if (visit.Site.Holdout is not { } holdout)
        {
            return true;
        }

        if (visit.Site.RefusalBlocksEverything && visit.Site.IsRefusedBy(visit.Visitor))
        {
            visit.Trace?.Refused("The holdout is an experiment, and the site blocks everything after a refusal");
            decision = new Decision(flag.Blocked, flag);
            return false;
        }

        var hash = visit.Hash(holdout);
        var assigned = holdout.Assign(hash);
        visit.Trace?.Holdout(holdout, hash, assigned);
        var isHeld = Holdout.Holds(assigned);
        decision = new Decision(isHeld ? flag.HeldOut : flag.Default, flag, Holdout: assigned);
        return !isHeld;
    }

    private static bool PassesGroup(FeatureFlag flag, in Visit visit, ref Decision decision)
    {
        if (flag.Group is not { } group)
        {
            return true;
        }

        var hash = visit.Hash(group);
        var admitted = group.Admitted(hash);
        visit.Trace?.Group(group, flag, hash, admitted);
        if (ReferenceEquals(admitted, flag))
        {
            return true;
        }

        decision = decision with { Variation = flag.Excluded };
        return false;
    }
}
