using FsCheck;
using FsCheck.Fluent;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class EvaluationPropertyTests
{
    [Fact]
    public void Explaining_decides_as_deciding_does() => ForAll((site, visitor) =>
        site.Flags.All(flag =>
        {
            var decision = site.Decide(flag, visitor);
            var explanation = site.Explain(flag.Key, visitor);
            visitor.Save(decision);
            return explanation.Decision == decision && explanation.Steps.Count > 0 && explanation.ToString().Length > 0;
        }));

    [Fact]
    public void Deciding_twice_decides_alike() => ForAll((site, visitor) =>
        site.Flags.All(flag => site.Decide(flag, visitor) == site.Decide(flag.Key, visitor)));

    [Fact]
    public void A_visitor_runs_one_flag_of_a_group_at_most() => ForAll((site, visitor) =>
    {
        // Flags that bucket by custom data may hash another code, so only visitors without it are exclusive.
        visitor.Record.CustomData.Clear();
        return site.Flags
            .Where(flag => flag.Group is not null)
            .GroupBy(flag => flag.Group)
            .All(group => group.Count(flag => site.Decide(flag, visitor).Variation.Reason
                is DecisionReason.Rule or DecisionReason.Default) <= 1);
    });

    [Fact]
    public void Who_is_held_out_gets_the_default_of_every_flag_that_is_on() => ForAll((site, visitor) =>
        site.Flags.Select(flag => site.Decide(flag, visitor)).All(decision =>
            Holdout.Holds(decision.Holdout) == (decision.Variation.Reason == DecisionReason.Holdout)));

    [Fact]
    public void A_refusal_where_consent_is_required_leaves_no_experiment_running() => ForAll((site, visitor) =>
    {
        visitor.Record.Consent = Consent.Refused;
        return !site.ConsentRequired
            || site.Flags.All(flag => site.Decide(flag, visitor).Rule is not { IsExperiment: true });
    });

    private static void ForAll(Func<DataFile, TestVisitor, bool> property) =>
        Prop.ForAll(RandomSite.DataFiles.ToArbitrary(), RandomSite.Visitors.ToArbitrary(), property)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
