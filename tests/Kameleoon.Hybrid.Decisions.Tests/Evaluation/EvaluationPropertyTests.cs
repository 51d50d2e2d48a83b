using System.Text.Json.Nodes;
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
            Holdout.IsHeldOut(decision.Holdout) == (decision.Variation.Reason == DecisionReason.Holdout)));

    [Fact]
    public void A_refusal_where_consent_is_required_leaves_no_experiment_running() => ForAll((site, visitor) =>
    {
        visitor.Record.Consent = Consent.Refused;
        return !site.ConsentRequired
            || site.Flags.All(flag => site.Decide(flag, visitor).Rule is not { IsExperiment: true });
    });

    [Fact]
    public void What_is_changed_around_a_rule_moves_no_visitor() => Prop.ForAll(
        RandomSite.JsonOf(5).ToArbitrary(),
        RandomSite.Visitors.ToArbitrary(),
        (json, visitor) =>
        {
            var before = TestSite.Parse(json);
            var after = TestSite.Parse(Redecorated(json));
            return before.Flags.All(flag => Outcome(before, flag.Key, visitor) == Outcome(after, flag.Key, visitor));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    /// <summary>The same rules in another order of flags and segments, among other names, variables and members.</summary>
    private static string Redecorated(string json)
    {
        var site = JsonNode.Parse(json)!;
        site["dateModified"] = 1767225600000;
        site["segments"] = Reversed(site["segments"]!);
        site["featureFlags"] = Reversed(site["featureFlags"]!);
        foreach (var flag in site["featureFlags"]!.AsArray())
        {
            flag!["name"] = "renamed";
            flag["variations"]!.AsArray().Add(JsonNode.Parse("""{ "key": "newer", "variables": [{ "key": "v", "type": "JS", "value": "" }] }"""));
            foreach (var rule in flag["rules"]!.AsArray())
            {
                rule!["order"] = 7;
                rule["name"] = new JsonObject();
            }
        }

        site["featureFlags"]!.AsArray().Insert(0, JsonNode.Parse("""
            { "id": 5000, "featureKey": "newer", "environmentEnabled": true, "rules": [{ "id": 6000, "exposition": 1, "experimentId": 7000 }] }
            """));
        return site.ToJsonString();
    }

    private static JsonArray Reversed(JsonNode array) => [.. array.AsArray().Reverse().Select(item => item!.DeepClone())];

    private static (string, long?, long?, DecisionReason, long?) Outcome(DataFile site, string key, TestVisitor visitor)
    {
        var (variation, _, _, holdout) = site.Decide(key, visitor);
        return (variation.Key, variation.Id, variation.ExperimentId, variation.Reason, holdout?.Id);
    }

    private static void ForAll(Func<DataFile, TestVisitor, bool> property) =>
        Prop.ForAll(RandomSite.DataFiles.ToArbitrary(), RandomSite.Visitors.ToArbitrary(), property)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
