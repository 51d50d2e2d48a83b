namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class DecisionMemoTests
{
    public static TheoryData<string, string> Kept { get; } = new()
    {
        { "VISITOR_CODE", """ "matchType": "CONTAINS", "visitorCode": "v" """ },
        { "CUSTOM_DATUM", """ "customDataIndex": "0", "valueMatchType": "EXACT", "value": "a" """ },
        { "CUSTOM_DATUM", """ "customDataIndex": "0", "valueMatchType": "UNDEFINED" """ },
        { "SDK_LANGUAGE", """ "sdkLanguage": "CSHARP" """ },
        { "APPLICATION_VERSION", """ "version": "1.0.0", "versionMatchType": "EQUAL" """ },
        { "WEATHER", """ "of": "a newer kind" """ },
    };

    [Theory]
    [MemberData(nameof(Kept))]
    public void What_the_version_covers_is_asked_once(string type, string fields)
    {
        var site = TestSite.WithCondition($$"""{ "targetingType": "{{type}}", {{fields}} }""");
        var memo = new DecisionMemo();
        var visitor = new CountingVisitor();

        var first = memo.Decide(site, TestSite.Key, visitor, 1);
        var asked = visitor.Asked;
        var second = memo.Decide(site, TestSite.Key, visitor, 1);

        second.ShouldBe(first);
        visitor.Asked.ShouldBe(asked);
        memo.Decide(site, TestSite.Key, visitor, 2);
        visitor.Asked.ShouldBeGreaterThan(asked);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    public void However_many_flags_there_are_each_is_decided_once(int flags)
    {
        var site = DecisionBatchTests.ManyFlags(flags);
        var memo = new DecisionMemo();
        var visitor = new CountingVisitor();
        Decision[] alone = [.. site.Flags.Select(flag => site.Decide(flag, visitor))];

        site.Flags.Reverse().Select(flag => memo.Decide(site, flag, visitor, 1)).ShouldBe(alone.Reverse());
        var asked = visitor.Asked;

        site.Flags.Select(flag => memo.Decide(site, flag.Key, visitor, 1)).ShouldBe(alone);
        All(memo.DecideAll(site, visitor, 1)).ShouldBe(alone);
        visitor.Asked.ShouldBe(asked + 1, "only the code is asked for, to decide what is missing ahead");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(50)]
    public void A_decision_is_found_by_the_text_of_the_key_whichever_object_has_it(int flags)
    {
        var site = DecisionBatchTests.ManyFlags(flags);
        var memo = new DecisionMemo();
        var visitor = new CountingVisitor();
        string[] keys = [.. site.Flags.Reverse().Select(flag => flag.Key)];
        Decision[] alone = [.. keys.Select(key => memo.Decide(site, key, visitor, 1))];

        for (var turn = 0; turn < 3; turn++)
        {
            keys.Select(Found).ShouldBe(alone);
            keys.Select(key => Found(new string(key.AsSpan()))).ShouldBe(alone);
            keys.Reverse().Select(Found).ShouldBe(alone.Reverse());
        }

        memo.TryFind(site, keys[0], 2, out _).ShouldBeFalse();
        memo.TryFind(DecisionBatchTests.ManyFlags(flags), keys[0], 1, out _).ShouldBeFalse();

        Decision Found(string key) => memo.TryFind(site, key, 1, out var found) ? found : default;
    }

    [Fact]
    public void All_flags_at_once_are_remembered_for_each()
    {
        var site = DecisionBatchTests.ManyFlags(30);
        var memo = new DecisionMemo();
        var visitor = new CountingVisitor();

        var all = All(memo.DecideAll(site, visitor, 1));
        var asked = visitor.Asked;

        All(memo.DecideAll(site, visitor, 1)).ShouldBe(all);
        site.Flags.Select(flag => memo.Decide(site, flag, visitor, 1)).ShouldBe(all);
        visitor.Asked.ShouldBe(asked);
    }

    [Fact]
    public void Another_data_file_is_decided_anew()
    {
        var before = TestSite.WithRule();
        var after = TestSite.WithRule(rule: """, "variationByExposition": [{ "variationKey": "other", "exposition": 1 }] """);
        var memo = new DecisionMemo();
        var visitor = new TestVisitor("visitor");

        memo.Decide(before, TestSite.Key, visitor, 1).Variation.Key.ShouldBe("on");
        memo.Decide(after, TestSite.Key, visitor, 1).Variation.Key.ShouldBe("other");
        memo.Decide(before, TestSite.Key, visitor, 1).Variation.Key.ShouldBe("on");
        All(memo.DecideAll(after, visitor, 1)).ShouldHaveSingleItem().Variation.Key.ShouldBe("other");
    }

    [Fact]
    public void A_flag_of_another_data_file_is_not_taken_for_the_one_in_its_place()
    {
        var before = DecisionBatchTests.ManyFlags(30);
        var after = DecisionBatchTests.ManyFlags(20);
        var memo = new DecisionMemo();
        var visitor = new TestVisitor("visitor");
        var all = All(memo.DecideAll(after, visitor, 1));

        foreach (var flag in before.Flags)
        {
            memo.Decide(after, flag, visitor, 1).Flag.ShouldBeSameAs(flag);
        }

        All(memo.DecideAll(after, visitor, 1)).ShouldBe(all);
    }

    [Fact]
    public void An_unknown_flag_is_no_matter_of_memory() =>
        new DecisionMemo().Decide(TestSite.WithRule(), "no flag", new TestVisitor("visitor"), 1)
            .Variation.Reason.ShouldBe(DecisionReason.UnknownFlag);

    [Fact]
    public void A_lower_version_is_another_one_as_well()
    {
        var site = TestSite.WithRule();
        var memo = new DecisionMemo();
        var visitor = new CountingVisitor();
        memo.Decide(site, TestSite.Key, visitor, 2);
        var asked = visitor.Asked;

        memo.Decide(site, TestSite.Key, visitor, 1);
        visitor.Asked.ShouldBeGreaterThan(asked);
        asked = visitor.Asked;
        memo.Decide(site, TestSite.Key, visitor, 1);

        visitor.Asked.ShouldBe(asked);
    }

    private static List<Decision> All(DecisionSequence decisions)
    {
        var all = new List<Decision>();
        foreach (ref readonly var decision in decisions)
        {
            all.Add(decision);
        }

        return all;
    }

    private sealed class CountingVisitor : IVisitorFacts
    {
        internal int Asked { get; private set; }

        public string VisitorCode
        {
            get
            {
                Asked++;
                return "visitor";
            }
        }

        public DateTimeOffset Now => throw new NotSupportedException("No decision that is kept may ask for the time.");
    }
}
