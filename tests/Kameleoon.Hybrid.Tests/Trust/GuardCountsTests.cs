namespace Kameleoon.Hybrid.Tests;

/// <summary>What the guard counts, and what servers tell each other of visitors.</summary>
public sealed class GuardCountsTests
{
    private const uint Visitor = 0x80000000;
    private const int Variation = 1;

    [Fact]
    public void Responses_of_those_who_kept_a_variation_say_nothing_of_those_who_try_it_again()
    {
        var counts = new GuardCounts(variations: 2);

        counts.Mark(Visitor, Variation, GuardSigns.Kept);
        counts.Count(Visitor, Variation, hasFailed: true, isSlow: null);
        counts.Count(Visitor / 2, Variation, hasFailed: false, isSlow: null);

        counts.Read(GuardSigns.Answered, Variation).ShouldBe(1);
        counts.Read(GuardSigns.Failed, Variation).ShouldBe(0);
    }

    [Fact]
    public void A_stage_that_only_a_later_version_knows_is_not_told_again_and_again()
    {
        var window = new StageWindow(number: 1, [0.5, 0.5], DateTimeOffset.UnixEpoch, new SharedPlaces());

        window.Merge(new PlaceChange(Place: 5, Bits: 0x41, Variation: 0));

        window.Read(VisitorStages.Decided).ShouldBe([1, 0]);
        window.FindChanges(most: 10).ShouldBeEmpty();
    }
}
