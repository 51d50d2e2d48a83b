using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

public sealed class BatchWriterTests
{
    private static readonly Exposure Exposed = new(123456, 7890, RunsInBrowser: false, IsTargetedDelivery: false);

    [Fact]
    public void No_culture_changes_the_revenue()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("fr-FR");
        try
        {
            Lines(Conversion("v", 1, 1234567.5m))[0].ShouldContain("revenue=1234567.5&");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("\"quoted\" and \\")]
    [InlineData("grin 😀 \u2028 é")]
    [InlineData("a=1&b=2%41+c")]
    [InlineData("half a pair \ud83d")]
    public void Whatever_a_value_contains_comes_out_of_its_line_as_it_went_in(string value)
    {
        var line = Lines(new TrackingEvent(
            new EventOrigin(value), TrackingEventKind.CustomData, Data: new CustomData(1, value))).ShouldHaveSingleItem();

        var pairs = line.Split('&').Select(pair => pair.Split('=')).ToDictionary(
            pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
        var expected = value.Replace("\ud83d", value.Contains("half", StringComparison.Ordinal) ? "\ufffd" : "\ud83d", StringComparison.Ordinal);
        pairs["visitorCode"].ShouldBe(expected);
        System.Text.Json.JsonDocument.Parse(pairs["valuesCountMap"]).RootElement.GetProperty(expected).GetInt32().ShouldBe(1);
    }

    [Fact]
    public void Each_visitor_s_first_line_carries_the_user_agent_and_lines_of_one_visitor_stand_together()
    {
        var lines = Lines(
            Exposure("a", null),
            Exposure("b", "agent-b"),
            Conversion("a", 1, 0, "agent-a"));

        lines.Select(line => line.Contains("userAgent", StringComparison.Ordinal)).ShouldBe([true, false, true]);
        lines.Select(line => line.Contains("visitorCode=a", StringComparison.Ordinal)).ShouldBe([true, true, false]);
        lines[0].ShouldEndWith("visitorCode=a&userAgent=agent-a");
    }

    [Fact]
    public void An_exposure_in_one_interval_is_one_line_and_an_activity_none_beside_others()
    {
        var lines = Lines(
            TrackingEvent.Activity(new("a")),
            Exposure("a"),
            Exposure("a"),
            TrackingEvent.Activity(new("a")),
            Conversion("a", 1, 0),
            Conversion("a", 1, 0),
            TrackingEvent.Activity(new("b")),
            TrackingEvent.Activity(new("b")));

        lines.Select(line => line.Split('&')[0]).ShouldBe([
            "eventType=experiment", "eventType=conversion", "eventType=conversion", "eventType=activity"]);
    }

    [Fact]
    public void A_long_backlog_is_split_below_the_limit_and_nothing_is_lost()
    {
        var events = Enumerable.Range(0, 1000).Select(i => Conversion(i % 2 == 0 ? "one" : "two", i, 0, "agent")).ToArray();

        var bodies = Bodies(4096, events);

        bodies.Count.ShouldBeGreaterThan(10);
        bodies.ShouldAllBe(body => body.Length <= 4096);
        bodies.ShouldAllBe(body => body.Split('\n')[0].EndsWith("&userAgent=agent", StringComparison.Ordinal));
        var goals = bodies.SelectMany(body => body.Split('\n')).Select(line => line.Split('&')[1]).ToList();
        goals.Count.ShouldBe(1000);
        goals.ShouldBeUnique(StringComparer.Ordinal);
        goals[..500].ShouldBe(Enumerable.Range(0, 500).Select(i => $"goalId={2 * i}"));
        bodies.SelectMany(body => body.Split('\n')).Select(line => line.Split('&')[4]).ShouldBeUnique(StringComparer.Ordinal);
    }

    [Fact]
    public void A_line_that_no_body_can_carry_is_left_out_and_counted()
    {
        using var events = Taken(
            Conversion("a", 1, 0),
            new TrackingEvent(new("b"), TrackingEventKind.PageView, Data: new PageView(new string('x', 600))),
            Conversion("c", 2, 0));
        using var body = new BatchWriter(events, maxBytes: 500);

        var counts = new List<(int Written, int TooLarge)>();
        while (body.WriteNext(Guid.Empty, "a", DateTimeOffset.UnixEpoch) is { } written)
        {
            counts.Add((written.EventCount, body.TooLargeCount));
        }

        counts.ShouldBe([(2, 1)]);
    }

    [Fact]
    public void A_batch_that_is_cut_in_two_says_the_visitor_s_browser_in_both()
    {
        var body = Bodies(BatchWriter.MaxBytes, [.. Enumerable.Range(0, 5).Select(i => Conversion("one", i, 0, "agent"))]).Single();
        var batch = new TrackingBatch(Guid.NewGuid(), "site", Encoding.ASCII.GetBytes(body), 5, DateTimeOffset.UnixEpoch);

        var (first, second) = BatchSplitter.Split(batch).ShouldNotBeNull();

        (first.EventCount + second.EventCount).ShouldBe(5);
        var text = Encoding.ASCII.GetString(second.Body.Span);
        text.Split('\n').Length.ShouldBe(second.EventCount);
        text.Split('\n')[0].ShouldEndWith("&visitorCode=one&userAgent=agent");
        (Encoding.ASCII.GetString(first.Body.Span) + "\n" + text.Replace("&userAgent=agent", "", StringComparison.Ordinal)).ShouldBe(body);
        BatchSplitter.Split(batch with { Body = Encoding.ASCII.GetBytes(body.Split('\n')[0]), EventCount = 1 }).ShouldBeNull();
    }

    private static TrackingEvent Exposure(string visitor, string? agent = null) =>
        TrackingEvent.Exposure(new(visitor, agent), Exposed);

    private static TrackingEvent Conversion(string visitor, int goal, decimal revenue, string? agent = null) =>
        new(new(visitor, agent), TrackingEventKind.Conversion, Data: new Conversion(goal, revenue));

    private static string[] Lines(params TrackingEvent[] events) =>
        Bodies(BatchWriter.MaxBytes, events).Single().Split('\n');

    private static List<string> Bodies(int maxBytes, TrackingEvent[] events)
    {
        using var taken = Taken(events);
        using var body = new BatchWriter(taken, maxBytes);
        var bodies = new List<string>();
        while (body.WriteNext(Guid.Empty, "a", DateTimeOffset.UnixEpoch) is { } written)
        {
            bodies.Add(Encoding.UTF8.GetString(written.Batch.Body.Span));
        }

        return bodies;
    }

    private static EventBuffer Taken(params TrackingEvent[] events)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var queue = new TrackingQueue(
            Options.Create(new KameleoonOptions { SiteCode = "a" }),
            TimeProvider.System,
            ActivatorUtilities.CreateInstance<KameleoonMetrics>(services));
        Array.ForEach(events, added => queue.Add(added));
        var taken = new EventBuffer();
        queue.Dequeue(taken, long.MinValue);
        taken.Sort();
        return taken;
    }
}
