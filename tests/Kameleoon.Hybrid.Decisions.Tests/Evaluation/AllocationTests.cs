using System.Collections.Concurrent;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void Deciding_a_plain_experiment_allocates_nothing() => Deciding(TestSite.WithRule()).ShouldBe(0);

    [Fact]
    public void Deciding_behind_conditions_holdout_and_group_allocates_nothing() => Deciding(TestSite.WithRule(
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

    [Fact]
    public void Deciding_again_for_a_visitor_found_by_code_allocates_nothing()
    {
        var site = DecisionBatchTests.ManyFlags(50);
        var store = new ConcurrentDictionary<string, (TestVisitor Visitor, DecisionMemo Memo)>(StringComparer.Ordinal);
        store["visitor"] = (new TestVisitor("visitor"), new DecisionMemo());
        var byCode = store.GetAlternateLookup<ReadOnlySpan<char>>();

        Allocated(() =>
        {
            byCode.TryGetValue("the visitor of".AsSpan(4, 7), out var found).ShouldBeTrue();
            found.Memo.Decide(site, "flag7", found.Visitor, 1);
        }).ShouldBe(0);
    }

    [Fact]
    public void Deciding_all_flags_again_allocates_nothing()
    {
        var site = DecisionBatchTests.ManyFlags(50);
        var visitor = new TestVisitor("visitor");
        var memo = new DecisionMemo();

        Allocated(() => Count(memo.DecideAll(site, visitor, 1))).ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(1000)]
    public void Remembering_one_decision_takes_less_than_150_bytes(int flags)
    {
        var site = DecisionBatchTests.ManyFlags(flags);
        var visitor = new TestVisitor("visitor");

        // A page, its short list, the memo.
        (Allocated(() => new DecisionMemo().Decide(site, site.Flags[^1], visitor, 1)) / 1000).ShouldBeLessThan(150);
    }

    [Fact]
    public void Remembering_fifty_decisions_takes_less_than_600_bytes()
    {
        var site = DecisionBatchTests.ManyFlags(50);
        var visitor = new TestVisitor("visitor");

        (Allocated(() => Count(new DecisionMemo().DecideAll(site, visitor, 1))) / 1000).ShouldBeLessThan(600);
    }

    private static int Count(DecisionSequence decisions)
    {
        var count = 0;
        foreach (ref readonly var decision in decisions)
        {
            count += decision.IsDecided ? 1 : 0;
        }

        return count;
    }

    private static long Deciding(DataFile dataFile)
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.CustomData[0] = ["1", "x"];
        dataFile.Decide(TestSite.Key, visitor).Variation.Key.ShouldBe("on");
        return Allocated(() => dataFile.Decide(TestSite.Key, visitor));
    }

    /// <summary>The bytes of a thousand calls.</summary>
    private static long Allocated(Action action)
    {
        // The least of some rounds: the runtime allocates a little of its own when it compiles a method anew.
        return Enumerable.Range(0, 8).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                action();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
