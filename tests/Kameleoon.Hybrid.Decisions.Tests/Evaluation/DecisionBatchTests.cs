using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class DecisionBatchTests
{
    [Theory]
    [InlineData(5, 300)]
    [InlineData(40, 100)]
    public void All_flags_together_are_decided_as_one_by_one(int flags, int sites) => Prop.ForAll(
        RandomSite.DataFilesOf(flags).ToArbitrary(),
        RandomSite.Visitors.ToArbitrary(),
        static (site, visitor) =>
        {
            List<Decision> alone = [.. site.Flags.Select(flag => visitor.Save(site.Decide(flag, visitor)))];
            visitor.Record.Assignments.Clear();
            List<Decision> together = [];
            foreach (ref readonly var decision in site.DecideAll(visitor))
            {
                together.Add(visitor.Save(decision));
            }

            return together.SequenceEqual(alone);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(sites));

    [Theory]
    [InlineData("visitor")]
    [InlineData("a code that fills the block so that only some of the ids fit")]
    [InlineData("é\ud800 and a code that is much longer than any block of sixty-four bytes, as custom data may well be")]
    public void More_flags_and_groups_than_lanes_are_decided_as_one_by_one(string code)
    {
        var site = ManyFlags(150);
        for (var i = 0; i < 20; i++)
        {
            var visitor = new TestVisitor($"{code}{i}");
            visitor.Record.CustomData[0] = ["own code"];
            var next = 0;
            foreach (ref readonly var decision in site.DecideAll(visitor))
            {
                decision.ShouldBe(site.Decide(site.Flags[next++], visitor));
            }

            next.ShouldBe(150);
        }
    }

    [Fact]
    public void A_flag_that_asks_for_assignments_sees_those_of_the_flags_before_it()
    {
        var site = TestSite.Parse("""
            {
              "configuration": {},
              "segments": [{ "id": 1, "conditionsData": { "firstLevel": [{ "conditions": [
                { "targetingType": "EXCLUSIVE_EXPERIMENT", "campaignType": "EXPERIMENT" }] }] } }],
              "featureFlags": [
                { "id": 1, "featureKey": "first", "environmentEnabled": true, "defaultVariationKey": "off",
                  "rules": [{ "id": 1, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": 11,
                    "variationByExposition": [{ "variationKey": "on", "variationId": 1, "exposition": 1 }] }] },
                { "id": 2, "featureKey": "second", "environmentEnabled": true, "defaultVariationKey": "off",
                  "rules": [{ "id": 2, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": 12, "segmentId": 1,
                    "variationByExposition": [{ "variationKey": "on", "variationId": 2, "exposition": 1 }] }] }]
            }
            """);
        var visitor = new TestVisitor("visitor");
        var keys = new List<string>();

        foreach (ref readonly var decision in site.DecideAll(visitor))
        {
            keys.Add(visitor.Save(decision).Variation.Key);
        }

        keys.ShouldBe(["on", "off"]);
    }

    [Fact]
    public void A_site_without_flags_has_no_decisions() =>
        TestSite.Parse("""{ "configuration": {}, "featureFlags": [] }""")
            .DecideAll(new TestVisitor("visitor")).MoveNext().ShouldBeFalse();

    internal static DataFile ManyFlags(int count)
    {
        string[] expositions = ["0", "0.3", "0.6", "0.9", "1", "1.5", "-1"];
        string[] shares = ["1", "0.5", "0", "0.2"];
        var flags = Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""
            { "id": {{i}}, "featureKey": "flag{{i}}", "environmentEnabled": {{(i % 11 == 0 ? "false" : "true")}},
              "defaultVariationKey": "off", "bucketingCustomDataId": {{(i % 7 == 0 ? "9" : "null")}},
              "mutuallyExclusiveGroup": {{(i % 3 == 0 ? $"\"group{i / 6}\"" : "null")}},
              "variations": [{ "key": "off" }, { "key": "on" }, { "key": "other" }],
              "rules": [{{Rule(i)}}, {{Rule(i + 1000)}}] }
            """));
        return TestSite.Parse($$"""
            { "configuration": {}, "customData": [{ "id": 9, "index": 0 }],
              "holdout": { "experimentId": 5, "variationByExposition": [
                { "variationKey": "in-holdout", "variationId": 6, "exposition": 0.1 },
                { "variationKey": "free", "variationId": 7, "exposition": 0.9 }] },
              "featureFlags": [{{string.Join(',', flags)}}] }
            """);

        string Rule(int id) => string.Create(CultureInfo.InvariantCulture, $$"""
            { "id": {{id}}, "type": "{{(id % 5 == 0 ? "TARGETED_DELIVERY" : "EXPERIMENTATION")}}",
              "exposition": {{expositions[id % expositions.Length]}}, "experimentId": {{id + 5000}}, "respoolTime": {{id % 2}},
              "variationByExposition": [
                { "variationKey": "on", "variationId": {{id * 2}}, "exposition": {{shares[id % shares.Length]}} },
                { "variationKey": "other", "variationId": {{(id * 2) + 1}}, "exposition": 0.5 }] }
            """);
    }
}
