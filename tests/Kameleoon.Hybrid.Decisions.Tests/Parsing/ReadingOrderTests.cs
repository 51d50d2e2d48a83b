namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class ReadingOrderTests
{
    [Fact]
    public void What_is_referred_to_may_stand_before_or_behind()
    {
        const string Flags = """
            "featureFlags": [{
              "rules": [{
                "variationByExposition": [{ "exposition": 1, "variationId": 31, "variationKey": "on" }],
                "experimentId": 21, "segmentId": 41, "exposition": 1, "id": 11, "type": "EXPERIMENTATION" }],
              "variations": [{ "variables": [{ "value": "{\"a\":1}", "type": "JSON", "key": "v" }], "key": "on" }],
              "bucketingCustomDataId": 5, "defaultVariationKey": "off", "environmentEnabled": true, "featureKey": "flag" }]
            """;
        const string Segments = """
            "segments": [
              { "conditionsData": { "firstLevel": [{ "conditions": [{ "segmentId": 42, "targetingType": "SEGMENT" }] }] }, "id": 41 },
              { "conditionsData": { "firstLevel": [{ "conditions": [
                { "visitorCode": "v", "matchType": "EXACT", "targetingType": "VISITOR_CODE" }] }] }, "id": 42 }],
            "customData": [{ "index": 3, "id": 5 }]
            """;

        foreach (var dataFile in new[] { TestSite.Parse($"{{{Flags},{Segments}}}"), TestSite.Parse($"{{{Segments},{Flags}}}") })
        {
            var variation = dataFile.Decide("flag", new TestVisitor("v")).Variation;

            variation.Id.ShouldBe(31);
            variation.Variables["v"].Value.ShouldBeOfType<System.Text.Json.JsonElement>().GetProperty("a").GetInt32().ShouldBe(1);
            dataFile.FindFlag("flag")!.BucketingIndex.ShouldBe(3);
            dataFile.Decide("flag", new TestVisitor("w")).Variation.Key.ShouldBe("off");
        }
    }

    [Fact]
    public void The_later_of_two_members_of_one_name_counts_and_nothing_of_the_first()
    {
        var dataFile = TestSite.Parse("""
            {
              "segments": [{ "id": 1, "audienceTracking": true }],
              "segments": [{ "id": 2, "audienceTracking": true, "conditionsData": { "firstLevel": [{ "conditions": [
                { "targetingType": "SEGMENT", "segmentId": 1, "isInclude": false }] }] } }],
              "customData": [{ "index": 0, "name": "first" }], "customData": null,
              "featureFlags": [{ "featureKey": "first" }],
              "featureFlags": [{ "featureKey": "second", "variations": [{ "key": "on" }], "variations": [{ "key": "off" }] }]
            }
            """);

        dataFile.Flags.Select(flag => flag.Key).ShouldBe(["second"]);
        dataFile.Flags[0].Variations.Keys.ShouldBe(["off"]);
        dataFile.CustomData.ShouldBeEmpty();
        dataFile.EvaluateAudiences(new TestVisitor("v")).ShouldBe([2]);
        dataFile.Warnings.ShouldContain(warning => warning.Contains("segment 1, which does not exist", StringComparison.Ordinal));
    }

    [Fact]
    public void A_type_behind_the_fields_of_its_condition_is_found()
    {
        var dataFile = TestSite.WithCondition("""{ "device": {}, "isInclude": false, "targetingType": "SCREEN_DIMENSION" }""");

        TestSite.Targets(dataFile).ShouldBeFalse();
    }
}
