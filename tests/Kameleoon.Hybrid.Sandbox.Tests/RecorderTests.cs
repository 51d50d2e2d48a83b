using System.Text;
using Microsoft.Extensions.Time.Testing;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class RecorderTests
{
    private static readonly ExperimentCatalog Catalog =
        CompiledProject.Read(Encoding.UTF8.GetBytes(TestData.Json), TestData.NoEdits, default).Catalog;

    private readonly FakeTimeProvider _clock = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Recorder _recorder;

    public RecorderTests() =>
        _recorder = new Recorder(_clock, new RecorderLimits(Visitors: 3, Events: 5, Nonces: 4, Counters: 2));

    [Fact]
    public void The_newest_events_stay_and_the_oldest_go()
    {
        Record([.. Enumerable.Range(1, 20).Select(i => Page().Of("v"))]);

        _recorder.Read(view => view.Events.Select(entry => entry.Number).ToArray()).ShouldBe([16, 17, 18, 19, 20]);
    }

    [Fact]
    public void The_visitors_who_stayed_away_longest_are_forgotten_but_remain_counted()
    {
        Record(Page().Of("a"), Page().Of("b"), Page().Of("c"), Page().Of("a"), Page().Of("d"));

        _recorder.Read(view => view.Visitors.Find("b")).ShouldBeNull();
        _recorder.Read(view => view.Visitors.Find("a")!.PageViews).ShouldBe(2);
        _recorder.Read(view => (view.Visitors.Count, view.Visitors.TotalSeen)).ShouldBe((3, 4));
    }

    [Fact]
    public void A_visitor_is_first_and_last_seen_by_the_clock()
    {
        Record(Page().Of("a"));
        _clock.Advance(TimeSpan.FromMinutes(7));
        Record(Page().Of("a"));

        var visitor = _recorder.Read(view => view.Visitors.Find("a")!);

        (visitor.LastSeen - visitor.FirstSeen).ShouldBe(TimeSpan.FromMinutes(7));
        visitor.LastSeen.ShouldBe(_clock.GetUtcNow());
    }

    [Fact]
    public void A_nonce_is_forgotten_after_enough_others()
    {
        var line = Page().Of("v");
        Record(line, line);
        var afterTwo = Violations();

        Record([.. Enumerable.Range(0, 4).Select(_ => Page().Of("v")), line]);

        afterTwo.ShouldBe(1);
        Violations().ShouldBe(1);
    }

    [Fact]
    public void Variations_and_goals_above_the_limit_are_recorded_but_not_counted()
    {
        Record([.. Enumerable.Range(0, 3).Select(i => Exposure(variation: i).Of("v"))]);
        Record([.. Enumerable.Range(0, 3).Select(i => Conversion(goal: $"{i}").Of("v"))]);

        _recorder.Read(view => (view.Counters.Exposures.Count, view.Counters.Goals.Count)).ShouldBe((2, 2));
        Violations().ShouldBe(2);
    }

    [Fact]
    public void Names_that_left_the_data_file_stay_with_what_was_counted_under_them()
    {
        Record(Exposure().Of("v"));

        var exposure = _recorder.Read(view => view.Counters.Exposures.Single());

        (exposure.Flag, exposure.Variation).ShouldBe(("checkout", "on"));
    }

    [Fact]
    public void A_reset_forgets_everything_even_nonces()
    {
        var line = Exposure().Of("v");
        Record(line);

        _recorder.Reset();
        Record(line);

        Violations().ShouldBe(0);
        _recorder.Read(view => view.Events.Single().Number).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_waits_learns_of_a_change_and_nobody_who_does_not_wait_holds_it_up()
    {
        var first = _recorder.Changed;
        var second = _recorder.Changed;

        Record(Page().Of("v"));

        await Task.WhenAll(first, second).WaitAsync(HangGuard.Timeout);
        _recorder.Changed.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Many_senders_at_once_lose_nothing()
    {
        var recorder = new Recorder(_clock, RecorderLimits.Default);

        await Parallel.ForAsync(0, 200, (i, _) =>
        {
            recorder.Record(Batch(Exposure().Of($"v{i % 50}"), Conversion(revenue: "0.01").Of($"v{i % 50}")), Catalog);
            return ValueTask.CompletedTask;
        });

        var exposures = recorder.Read(view => view.Counters.Exposures.Single());
        (exposures.Visitors, exposures.Server.Exposures).ShouldBe((50, 200));
        recorder.Read(view => view.Counters.Goals.Single().Revenue).ShouldBe(2m);
    }

    [Fact]
    public void A_line_longer_than_what_is_kept_neither_stops_its_batch_nor_loses_its_numbers()
    {
        var filler = new string('1', 4001);
        Record(
            $"eventType=experiment&nonce={Nonce()}&x={filler}&id=77&variationId=701".Of("v"),
            $"eventType=customData&nonce={Nonce()}&index=1&mappingIdentifier=true&valuesCountMap=%7B%22{filler}%22%3A1%7D".Of("v"),
            $"eventType=conversion&nonce={Nonce()}&x={filler}&goalId=5&revenue=12.5".Of("v"));

        Violations().ShouldBe(0);
        _recorder.Read(view => view.Counters.Exposures.Single().VariationId).ShouldBe(701);
        _recorder.Read(view => view.Counters.Goals.Single().Revenue).ShouldBe(12.5m);
    }

    [Fact]
    public void A_conversion_that_arrives_before_its_exposure_is_credited_within_the_visit()
    {
        Record(Conversion().Of("a"), Exposure().Of("a"));
        Record(Conversion().Of("b"));
        _clock.Advance(TimeSpan.FromMinutes(31));
        Record(Exposure().Of("b"));

        var converted = _recorder.Read(view => view.Counters.Exposures.Single().Goals[5]);

        (converted.Visitors, converted.Conversions, converted.Revenue).ShouldBe((1, 1, 10.5m));
    }

    [Fact]
    public void A_conversion_between_two_reports_of_one_exposure_is_credited_once()
    {
        Record(Exposure().Of("a"), Conversion().Of("a"), Exposure().Of("a"));

        _recorder.Read(view => view.Counters.Exposures.Single().Goals[5].Conversions).ShouldBe(1);
    }

    private static EventBatch Batch(params string[] lines) =>
        new(EventSender.Server, [.. lines.Select(line => EventLineParser.Parse(line, null, null))], BrowserIdentity.None);

    private void Record(params string[] lines) => _recorder.Record(Batch(lines), Catalog);

    private long Violations() => _recorder.Read(view => view.Violations);
}
