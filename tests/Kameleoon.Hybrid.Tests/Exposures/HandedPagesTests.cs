using Microsoft.Extensions.Time.Testing;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What a page passed to the engine can be taken back while it is remembered, whether the response is complete or not.
/// </summary>
public sealed class HandedPagesTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    private static readonly Exposure First = new(ExperimentId: 7, VariationId: 71, RunsInBrowser: true, IsTargetedDelivery: false);
    private static readonly Exposure Second = new(ExperimentId: 8, VariationId: 81, RunsInBrowser: false, IsTargetedDelivery: true);

    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData("anna")]
    [InlineData("a-code-of-more-than-16-characters")]
    public void The_exposures_of_a_complete_page_are_taken_back_once(string code)
    {
        var pages = new HandedPages(_clock, Lifetime);
        var ledger = Handed(First, Second);
        pages.Add(code, "/a?b=1", ledger);

        pages.Complete(code, ledger);

        pages.Contains(code).ShouldBeTrue();
        var page = pages.Find(code, "https://shop.example/a?b=1").ShouldNotBeNull();
        page.TakeBack(generation: 1).Select(static entry => entry.Exposure).ShouldBe([First, Second]);
        page.TakeBack(generation: 2).ShouldBeEmpty();
        pages.Find(code)!.IsTakenBack(First, generation: 0).ShouldBeTrue();
        pages.GenerationOf(code).ShouldBe(1);
    }

    [Theory]
    [InlineData("https://shop.example/de/a", true)]
    [InlineData("https://shop.example/", true)]
    [InlineData("", true)]
    [InlineData("https://shop.example/b", false)]
    [InlineData("https://shop.example/aa", false)]
    public void A_complete_page_is_found_by_the_same_referrers_as_one_that_is_not(string referrer, bool isFound)
    {
        var page = new HandedPage(PageAddress.Of("/a"), Handed(First), due: 1000);
        HandedRow.TryCopy(page, out var row).ShouldBeTrue();

        (page.Find(referrer, now: 0) is not null).ShouldBe(isFound);
        (row.ToPage().Find(referrer, now: 0) is not null).ShouldBe(isFound);
    }

    [Fact]
    public void The_next_page_keeps_the_complete_one_before_it()
    {
        var pages = new HandedPages(_clock, Lifetime);
        var (first, second) = (Handed(First), Handed(Second));
        pages.Add("anna", "/a", first);
        pages.Complete("anna", first);
        pages.Add("anna", "/b", second);
        pages.Complete("anna", second);

        Taken(pages, "/a").ShouldBe([First]);
        Taken(pages, "/b").ShouldBe([Second]);
    }

    [Fact]
    public void A_page_that_the_server_took_over_gives_nothing_back()
    {
        var pages = new HandedPages(_clock, Lifetime);
        var ledger = Handed(First);
        pages.Add("anna", "/a", ledger);
        pages.Complete("anna", ledger);

        pages.Find("anna")!.GiveToServer(First);

        Taken(pages, "/a").ShouldBeEmpty();
    }

    [Fact]
    public void A_complete_page_is_forgotten_in_time_and_beyond_the_limit()
    {
        var pages = new HandedPages(_clock, Lifetime);
        for (var i = 0; i < 60_000; i++)
        {
            var ledger = Handed(First);
            pages.Add($"v{i}", "/", ledger);
            pages.Complete($"v{i}", ledger);
        }

        Enumerable.Range(0, 60_000).Count(i => pages.Contains($"v{i}")).ShouldBe(50_000);
        pages.Contains("v59999").ShouldBeTrue();

        _clock.Advance(Lifetime);
        for (var i = 0; i < 10_000; i++)
        {
            pages.Add("later", "/", Handed(First));
        }

        Enumerable.Range(0, 60_000).ShouldAllBe(i => !pages.Contains($"v{i}"));
    }

    [Fact]
    public void A_visitor_who_comes_back_takes_one_object_a_page()
    {
        var pages = new HandedPages(TimeProvider.System, Lifetime);
        ExposureLedger[] ledgers = [.. Enumerable.Range(0, 1000).Select(static _ => Handed(First))];
        var before = 0L;
        for (var i = 0; i < ledgers.Length; i++)
        {
            before = i == ledgers.Length / 2 ? GC.GetAllocatedBytesForCurrentThread() : before;
            pages.Add("anna", "/a", ledgers[i]);
            pages.Complete("anna", ledgers[i]);
        }

        ((GC.GetAllocatedBytesForCurrentThread() - before) / (ledgers.Length / 2)).ShouldBeLessThanOrEqualTo(72);
    }

    private static ExposureLedger Handed(params Exposure[] exposures)
    {
        var ledger = new ExposureLedger();
        foreach (var exposure in exposures)
        {
            ledger.Add(exposure, track: true)!.GiveToEngine();
        }

        return ledger;
    }

    private static IEnumerable<Exposure> Taken(HandedPages pages, string address) =>
        pages.Find("anna", "https://shop.example" + address)?.TakeBack(generation: 1).Select(static entry => entry.Exposure) ?? [];
}
