using System.Globalization;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Safari keeps what a script wrote for seven days, and what a server wrote for as long as it says.</summary>
public sealed class SafariTests
{
    private readonly ManualClock _clock = new();
    private readonly Dictionary<string, (string Value, DateTimeOffset Expires)> _jar = new(StringComparer.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_visitor_who_comes_every_week_is_the_same_for_years_whoever_made_up_the_code(bool engineFirst)
    {
        await using var site = await TestSite.StartAsync(clock: _clock);
        if (engineFirst)
        {
            WriteByScript("kameleoonVisitorCode", "codeofengine");
        }

        var first = await VisitAsync(site);
        for (var week = 0; week < 120; week++)
        {
            await site.MoveAsync(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
            (await VisitAsync(site)).ShouldBe(first);
        }

        first.ShouldMatch(engineFirst ? "^codeofengine$" : "^[a-z0-9]{16}$");
    }

    [Fact]
    public async Task A_visitor_who_stays_away_for_a_year_is_still_known()
    {
        await using var site = await TestSite.StartAsync(clock: _clock);
        var first = await VisitAsync(site);

        await site.MoveAsync(TimeSpan.FromDays(365));

        (await VisitAsync(site)).ShouldBe(first);
    }

    [Fact]
    public async Task A_code_that_only_scripts_wrote_would_be_lost_after_a_week()
    {
        await using var site = await TestSite.StartAsync(clock: _clock);
        WriteByScript("kameleoonVisitorCode", "codeofengine");

        await site.MoveAsync(TimeSpan.FromDays(8));

        (await VisitAsync(site)).ShouldMatch("^[a-z0-9]{16}$");
    }

    private async Task<string> VisitAsync(TestSite site)
    {
        foreach (var (name, cookie) in _jar.Where(cookie => cookie.Value.Expires <= _clock.GetUtcNow()).ToArray())
        {
            _jar.Remove(name);
        }

        var header = string.Join("; ", _jar.Select(cookie => $"{cookie.Key}={cookie.Value.Value}"));
        using var response = await site.GetAsync(
            "/code", [("Sec-Fetch-Dest", "document"), .. header.Length > 0 ? [("Cookie", header)] : Array.Empty<(string, string)>()]);
        foreach (var set in VisitorCodeTests.SetCookies(response))
        {
            var parts = set.Split("; ");
            var age = parts.Single(part => part.StartsWith("max-age=", StringComparison.Ordinal))["max-age=".Length..];
            _jar[parts[0].Split('=')[0]] = (
                parts[0].Split('=', 2)[1],
                _clock.GetUtcNow().AddSeconds(int.Parse(age, CultureInfo.InvariantCulture)));
        }

        return await response.Content.ReadAsStringAsync();
    }

    private void WriteByScript(string name, string value) => _jar[name] = (value, _clock.GetUtcNow().AddDays(7));
}
