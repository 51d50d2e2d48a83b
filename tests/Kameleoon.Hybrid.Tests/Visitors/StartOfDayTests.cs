using System.Globalization;
using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Time.Testing;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A day starts at midnight of the site's time zone, also where the time changes later in that day.</summary>
public sealed class StartOfDayTests
{
    [Theory]
    [InlineData("Europe/Berlin", "2026-01-15T11:00Z", "2026-01-14T23:00Z")]
    [InlineData("Europe/Berlin", "2026-03-29T00:30Z", "2026-03-28T23:00Z")]
    [InlineData("Europe/Berlin", "2026-03-29T10:00Z", "2026-03-28T23:00Z")] // 02:00 became 03:00
    [InlineData("Europe/Berlin", "2026-10-25T11:00Z", "2026-10-24T22:00Z")] // 03:00 became 02:00
    [InlineData("America/New_York", "2026-03-08T16:00Z", "2026-03-08T05:00Z")]
    [InlineData("America/Havana", "2026-11-01T20:00Z", "2026-11-01T04:00Z")] // 01:00 became 00:00
    public async Task A_day_starts_at_its_own_midnight(string zone, string now, string start)
    {
        var clock = new FakeTimeProvider(Time(now));
        clock.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById(zone));
        await using var site = await TestSite.StartAsync(clock: clock);

        IVisitorFacts facts = new VisitorFacts(
            "anna", site.App.Services.GetRequiredService<VisitorServices>(), record: null, request: null, simulation: null);

        facts.StartOfDay.ShouldBe(Time(start));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
