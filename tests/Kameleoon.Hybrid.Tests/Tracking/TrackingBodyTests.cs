using System.Globalization;
using System.Text;

namespace Kameleoon.Hybrid.Tests;

public sealed class TrackingBodyTests
{
    private static readonly Exposure Exposed = new(123456, 7890, RunsInBrowser: false, IsTargetedDelivery: false);

    [Fact]
    public void An_exposure_and_a_conversion_are_the_lines_that_the_official_sdks_send()
    {
        var lines = Lines(
            TrackingEvent.Conversion("vc10ctbql0zpf4rw", null, 55, 10.5m),
            TrackingEvent.Exposure("vc10ctbql0zpf4rw", "Mozilla/5.0 (X; é) a&b", Exposed));

        lines[0].ShouldMatch(@"^eventType=experiment&id=123456&variationId=7890&nonce=[0-9A-F]{16}"
            + @"&visitorCode=vc10ctbql0zpf4rw&userAgent=Mozilla%2F5\.0%20%28X%3B%20%C3%A9%29%20a%26b$");
        lines[1].ShouldMatch(@"^eventType=conversion&goalId=55&revenue=10\.5&negative=false&nonce=[0-9A-F]{16}"
            + "&visitorCode=vc10ctbql0zpf4rw$");
    }

    [Fact]
    public void No_culture_changes_the_revenue()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("fr-FR");
        try
        {
            Lines(TrackingEvent.Conversion("v", null, 1, 1234567.5m))[0].ShouldContain("revenue=1234567.5&");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Each_visitor_s_first_line_carries_the_user_agent_and_lines_of_one_visitor_stand_together()
    {
        var lines = Lines(
            TrackingEvent.Exposure("a", "agent-a", Exposed),
            TrackingEvent.Exposure("b", "agent-b", Exposed),
            TrackingEvent.Conversion("a", "agent-a", 1, 0));

        lines.Select(line => line.Contains("userAgent", StringComparison.Ordinal)).ShouldBe([true, false, true]);
        lines.Select(line => line.Contains("visitorCode=a", StringComparison.Ordinal)).ShouldBe([true, true, false]);
    }

    [Fact]
    public void A_long_backlog_is_split_below_the_limit_and_nothing_is_lost()
    {
        var events = Enumerable.Range(0, 1000).Select(i => TrackingEvent.Conversion("one", "agent", i, 0));

        var batches = TrackingBody.Split(events, maxBytes: 4096).ToList();

        batches.Count.ShouldBeGreaterThan(10);
        batches.ShouldAllBe(batch => batch.Body.Length <= 4096);
        batches.Select(Text).ShouldAllBe(text => text.Contains("userAgent=agent", StringComparison.Ordinal));
        batches.Sum(batch => batch.Count).ShouldBe(1000);
        batches.SelectMany(batch => Text(batch).Split('\n')).Count().ShouldBe(1000);
    }

    private static string[] Lines(params TrackingEvent[] events) =>
        Text(TrackingBody.Split(events).Single()).Split('\n');

    private static string Text(TrackingBatch batch) => Encoding.UTF8.GetString(batch.Body.Span);
}
