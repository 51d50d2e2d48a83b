namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>What is remembered is found again without the facts, and as one object for all flags.</summary>
public sealed class FlagDecisionsTests
{
    private static readonly DataFile Site = DecisionBatchTests.ManyFlags(50);

    private readonly TestVisitor _visitor = new("visitor");
    private readonly DecisionMemo _memo = new();

    [Fact]
    public void A_decision_is_found_under_the_same_data_file_and_version_only()
    {
        _memo.TryFind(Site, "flag7", 1, out _).ShouldBeFalse();
        var decision = _memo.Decide(Site, "flag7", _visitor, 1);

        _memo.TryFind(Site, "flag7", 1, out var found).ShouldBeTrue();
        found.ShouldBe(decision);
        _memo.TryFind(Site, "flag8", 1, out _).ShouldBeFalse();
        _memo.TryFind(Site, "missing", 1, out _).ShouldBeFalse();
        _memo.TryFind(Site, "flag7", 2, out _).ShouldBeFalse();
        _memo.TryFind(DecisionBatchTests.ManyFlags(50), "flag7", 1, out _).ShouldBeFalse();
    }

    [Fact]
    public void All_decisions_are_one_object_until_the_facts_change()
    {
        _memo.Decide(Site, "flag7", _visitor, 1);
        _memo.FindAll(Site, 1).ShouldBeNull();

        var all = _memo.DecideAll(Site, _visitor, 1).Decisions;

        _memo.FindAll(Site, 1).ShouldBeSameAs(all);
        _memo.DecideAll(Site, _visitor, 1).Decisions.ShouldBeSameAs(all);
        all.Active.ShouldBeSameAs(all.Active);
        all.Active.Active.ShouldBeSameAs(all.Active);
        _memo.FindAll(Site, 2).ShouldBeNull();
        _memo.DecideAll(Site, _visitor, 2).Decisions.ShouldNotBeSameAs(all);
    }

    [Fact]
    public void They_are_the_decisions_of_the_flags_one_by_one()
    {
        var all = _memo.DecideAll(Site, _visitor, 1).Decisions;

        foreach (var flag in Site.Flags)
        {
            var decision = Site.Decide(flag, _visitor);
            all.TryGetValue(flag.Key, out var variation).ShouldBe(decision.IsDecided);
            variation.ShouldBe(decision.IsDecided ? decision.Variation : null);
            all.Active.ContainsKey(flag.Key).ShouldBe(decision is { IsDecided: true, Variation.IsActive: true });
            all.Contains(decision).ShouldBeTrue();
        }

        all.Keys.ShouldBe(Site.Flags.Where(flag => all.ContainsKey(flag.Key)).Select(flag => flag.Key));
        all.Count.ShouldBe(all.Values.Count());
        all.Active.Count.ShouldBe(all.Values.Count(variation => variation.IsActive));
        all.DependOnAssignments.ShouldBeFalse();
    }

    [Fact]
    public void A_decision_that_depends_on_assignments_is_one_of_them_once_it_is_made()
    {
        var site = TestSite.WithCondition("""{ "targetingType": "TARGET_EXPERIMENT", "experimentId": 7, "variationMatchType": "ANY" }""");
        var sequence = _memo.DecideAll(site, _visitor, 1);
        var all = sequence.Decisions;

        Count(all.Enumerate()).ShouldBe(0);
        all.ShouldBeEmpty();
        Count(sequence).ShouldBe(1);
        Count(all.Enumerate()).ShouldBe(1);
        all.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_decision_of_another_visitor_or_data_file_is_none_of_them()
    {
        var all = _memo.DecideAll(Site, _visitor, 1).Decisions;

        var other = new TestVisitor("other");
        var others = Site.Flags
            .Select(flag => Site.Decide(flag, other))
            .Where(decision => decision != Site.Decide(decision.Flag!, _visitor))
            .ToArray();

        others.ShouldNotBeEmpty();
        others.ShouldAllBe(decision => !all.Contains(decision));
        all.Contains(DecisionBatchTests.ManyFlags(50).Decide("flag7", _visitor)).ShouldBeFalse();
        all.Contains(Site.Decide("missing", _visitor)).ShouldBeFalse();
    }

    private static int Count(DecisionSequence decisions)
    {
        var count = 0;
        foreach (ref readonly var decision in decisions)
        {
            count += decision.Flag is null ? 0 : 1;
        }

        return count;
    }
}
