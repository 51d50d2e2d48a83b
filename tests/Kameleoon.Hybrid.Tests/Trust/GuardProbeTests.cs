using static Kameleoon.Hybrid.Tests.GuardedSite;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A few new visitors try a withheld variation again, until it is healthy.</summary>
public sealed class GuardProbeTests
{
    [Fact]
    public async Task A_few_new_visitors_try_it_again_and_all_get_it_once_it_is_healthy()
    {
        await using var site = await StartWithholdingAsync();
        await site.MoveAsync(TimeSpan.FromMinutes(4));
        (await site.CheckAsync()).Description.ShouldNotBeNull().ShouldContain("instead of b");
        await site.MoveAsync(TimeSpan.FromMinutes(1));
        (await site.CheckAsync()).Description.ShouldNotBeNull().ShouldContain("flag0: a few new visitors try b again since");

        await site.VisitAsync("page", "page");
        var tried = site.Decided.TakeLast(Visitors).Count(static one => one.Arm == "b");
        tried.ShouldBeInRange(10, Visitors * 4 / 10);
        site.Decided.TakeLast(Visitors).Count(static one => one.Arm == "off").ShouldBeGreaterThan(0);
        (await site.CheckAsync()).Description.ShouldNotBeNull().ShouldNotContain("try b again");
        await site.VisitAsync("page", "page");

        site.Breaker.State.Phase.ShouldBe(GuardPhase.Closed);
        site.Decided.TakeLast(Visitors).ShouldNotContain(static one => one.Arm == "off");
        site.Arms.Site.Log.GetSnapshot().Count(static line => line.Id.Id == 1012).ShouldBe(2);
    }

    [Fact]
    public async Task A_variation_that_still_fails_is_withheld_for_longer_up_to_a_limit()
    {
        await using var site = await StartAsync(static guard => guard.MaxBreakFor = TimeSpan.FromMinutes(15));
        await site.VisitAsync("page", "throws");
        List<double> breaks = [];

        for (var round = 0; round < 4; round++)
        {
            await site.CheckAsync();
            var state = site.Breaker.State;
            state.Phase.ShouldBe(GuardPhase.Open);
            breaks.Add((state.NextProbe!.Value - state.Since).TotalMinutes);
            await site.MoveAsync(TimeSpan.FromMinutes(15));
            await site.CheckAsync();
            await site.VisitAsync("page", "throws");
        }

        breaks.ShouldBe([5, 10, 15, 15]);
    }

    [Fact]
    public async Task An_explanation_counts_nobody()
    {
        await using var site = await StartWithholdingAsync();
        var visitors = site.Get<IKameleoonClientFactory>();

        var reasons = Enumerable.Range(0, Visitors).Select(number =>
            visitors.ForVisitor($"explained{number}").Explain("flag0")!.Decision.Variation.Reason).ToArray();

        reasons.ShouldContain(DecisionReason.Guarded);
        site.Tally.Guarded!.ReadMarks(site.Breaker.Place).Withheld.ShouldBe(0);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_prolongs_no_break_by_more_than_its_length()
    {
        await using var site = await StartWithholdingAsync();
        site.SetClock(TimeSpan.FromDays(-1));
        await site.CheckAsync();
        site.Breaker.State.Phase.ShouldBe(GuardPhase.Open);

        await site.MoveAsync(TimeSpan.FromMinutes(5));
        await site.CheckAsync();

        site.Breaker.State.Phase.ShouldBe(GuardPhase.Probing);
    }

    [Fact]
    public async Task Visitors_of_a_guarded_time_are_left_out_of_the_split_on_both_sides()
    {
        await using var site = await StartWithholdingAsync();
        var decided = CountDecided(site);

        await site.VisitAsync("page", "page", 3 * Visitors);
        CountDecided(site).ShouldBe(decided);
        await site.MoveAsync(TimeSpan.FromMinutes(5));
        await site.CheckAsync();
        await site.VisitAsync("page", "page", 2 * Visitors);
        await site.CheckAsync();
        site.Breaker.State.Phase.ShouldBe(GuardPhase.Closed);
        await site.VisitAgainAsync("page", "page", 5 * Visitors);
        CountDecided(site).ShouldBe(decided);
    }

    private static long CountDecided(GuardedSite site) => site.Tally.Window!.Read(VisitorStages.Decided).Sum();
}
