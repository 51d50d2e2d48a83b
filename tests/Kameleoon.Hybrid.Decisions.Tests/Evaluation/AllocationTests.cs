namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void Deciding_a_plain_experiment_allocates_nothing() => Allocated(TestSite.WithRule()).ShouldBe(0);

    [Fact]
    public void Deciding_behind_conditions_holdout_and_group_allocates_nothing() => Allocated(TestSite.WithRule(
        rule: ", \"segmentId\": 41",
        flag: ", \"mutuallyExclusiveGroup\": \"g\"",
        top: """
            , "holdout": { "experimentId": 5, "variationByExposition": [{ "variationKey": "x", "variationId": 6, "exposition": 1 }] },
            "segments": [{ "id": 42 }, { "id": 41, "conditionsData": { "firstLevelOrOperators": [true], "firstLevel": [
              { "orOperators": [true, true], "conditions": [
                { "targetingType": "DEVICE_TYPE", "device": "PHONE" },
                { "targetingType": "VISITOR_CODE", "matchType": "REGULAR_EXPRESSION", "visitorCode": "^[0-9]+$" },
                { "targetingType": "CUSTOM_DATUM", "customDataIndex": "0", "valueMatchType": "GREATER", "value": "7" }] },
              { "conditions": [
                { "targetingType": "SEGMENT", "segmentId": 42 },
                { "targetingType": "SDK_LANGUAGE", "sdkLanguage": "CSHARP", "version": "4.0.0", "versionMatchType": "GREATER" }
              ] }] } }]
            """)).ShouldBe(0);

    private static long Allocated(DataFile dataFile)
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.CustomData[0] = ["1", "x"];
        for (var i = 0; i < 1000; i++)
        {
            dataFile.Decide(TestSite.Key, visitor).Variation.Key.ShouldBe("on");
        }

        // The least of some rounds: the runtime allocates a little of its own when it compiles a method anew.
        return Enumerable.Range(0, 5).Min(_ => AllocatedInOneRound(dataFile, visitor));
    }

    private static long AllocatedInOneRound(DataFile dataFile, TestVisitor visitor)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            dataFile.Decide(TestSite.Key, visitor);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
