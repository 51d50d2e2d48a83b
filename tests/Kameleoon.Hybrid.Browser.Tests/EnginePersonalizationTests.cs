using Kameleoon.Hybrid.Sandbox;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The causes that keep a personalization back, each seen in a browser.</summary>
public sealed class EnginePersonalizationTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Recorder = "var seen = [];"
        + "for (const name of ['PersonalizationTriggered', 'PersonalizationActivated'])"
        + " addEventListener('Kameleoon::' + name, event => seen.push(name + ' ' + event.detail.personalization.id));"
        + "addEventListener('Kameleoon::Internals', ({ detail }) => detail.type === 'blocked' && seen.push(detail.reason + ' ' + detail.id));";

    private static readonly string[] ShownAndReported =
        ["PersonalizationTriggered 1", "PersonalizationActivated 1", "1/1/101"];

    [Fact]
    public async Task EXEC_6_A_personalization_that_nothing_keeps_back_is_shown_and_reported()
    {
        var (told, isShown) = await OpenAsync(Banner(1) with
        {
            Schedule = [new EnginePeriod(Start: 1, End: Tomorrow)],
            Capping = new EngineCapping(Global: 100, Visitors: 99, Visitor: 1),
            Scenario = EngineSite.Conditions(Page("/")),
        });

        told.ShouldBe(ShownAndReported);
        isShown.ShouldBeTrue();
    }

    [Fact]
    public async Task EXEC_6_SCHEDULE_keeps_back_what_is_over_or_not_yet_on() =>
        await ShouldBeKeptBackAsync("SCHEDULE", Banner(1) with { Schedule = [new(End: 1), new(Start: Tomorrow)] });

    [Fact]
    public async Task EXEC_6_PERSONALIZATION_CAPPING_keeps_back_what_enough_visitors_have_seen() =>
        await ShouldBeKeptBackAsync(
            "PERSONALIZATION_CAPPING", Banner(1) with { Capping = new EngineCapping(Global: 100, Visitors: 100) });

    [Fact]
    public async Task EXEC_6_SCENARIO_keeps_back_what_is_about_another_page() =>
        await ShouldBeKeptBackAsync("SCENARIO", Banner(1) with { Scenario = EngineSite.Conditions(Page("/elsewhere")) });

    [Fact]
    public async Task EXEC_6_SCHEDULE_comes_before_both_cappings_and_these_before_the_scenario()
    {
        var scenario = EngineSite.Conditions(Page("/elsewhere"));
        var capping = new EngineCapping(Global: 1, Visitors: 1, Visitor: 0);

        await ShouldBeKeptBackAsync(
            "SCHEDULE", Banner(1) with { Schedule = [new(End: 1)], Capping = capping, Scenario = scenario });
        await ShouldBeKeptBackAsync("PERSONALIZATION_CAPPING", Banner(1) with { Capping = capping, Scenario = scenario });
        await ShouldBeKeptBackAsync(
            "VISITOR_CAPPING", Banner(1) with { Capping = capping with { Global = null }, Scenario = scenario });
    }

    [Fact]
    public async Task EXEC_6_VISITOR_CAPPING_shows_it_again_in_the_same_visit_and_not_in_the_next()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Personalizations = [Banner(1) with { Capping = new EngineCapping(Visitor: 1) }],
        });
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        site.Add("/", Recorder);
        site.Add("/next", EngineSite.Later(TimeSpan.FromMinutes(31)) + Recorder);

        (await SeenAsync(page, site.At("/"))).ShouldBe(ShownAndReported[..2]);
        (await SeenAsync(page, site.At("/"))).ShouldBe(ShownAndReported[..2]);
        (await SeenAsync(page, site.At("/next"))).ShouldBe(["PersonalizationTriggered 1", "VISITOR_CAPPING 1"]);
        Lines(await site.FinishAsync(page)).ShouldBe(["1/1/101", "1/1/101", "1/0/101 VISITOR_CAPPING"]);
    }

    [Fact]
    public async Task EXEC_6_PRIORITY_shows_the_highest_and_those_that_have_none()
    {
        var (told, _) = await OpenAsync(Banner(1) with { Priority = 2 }, Banner(2) with { Priority = 1 }, Banner(3));

        told.ShouldBe(
        [
            "PersonalizationTriggered 2", "PersonalizationActivated 2",
            "PersonalizationTriggered 1", "PRIORITY 1",
            "PersonalizationTriggered 3", "PersonalizationActivated 3",
            "2/1/102", "1/0/101 PRIORITY", "3/1/103",
        ]);
    }

    private static long Tomorrow => DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds();

    private static EnginePersonalization Banner(long id) => new(id, $"P{id}")
    {
        Variation = new EngineVariation(100 + id, "Banner") { Css = "#text { color: rgb(1, 2, 3) }" },
    };

    private static string Page(string path) =>
        $$"""{ "targetingType": "PAGE_URL", "matchType": "REGULAR_EXPRESSION", "url": "{{path}}$" }""";

    private static async Task<string[]> SeenAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await page.WaitForFunctionAsync("() => seen.length === 2");
        return await page.EvaluateAsync<string[]>("seen");
    }

    /// <summary>What was reported, oldest first: personalization, shown or not, its variation, and the cause.</summary>
    private static IEnumerable<string> Lines(IReadOnlyList<LiveEvent> events) => events.Reverse()
        .Where(sent => sent.Type == "personalization")
        .Select(sent => ($"{sent.Fields["id"]}/{sent.Fields["variationId"]}/{sent.Fields["originalVariationId"]} "
            + sent.Fields.GetValueOrDefault("unexpositionCause")).TrimEnd());

    private async Task ShouldBeKeptBackAsync(string cause, EnginePersonalization personalization)
    {
        var (told, isShown) = await OpenAsync(personalization);

        told.ShouldBe(["PersonalizationTriggered 1", $"{cause} 1", $"1/0/101 {cause}"]);
        isShown.ShouldBeFalse();
    }

    /// <summary>Opens one page: what the engine said there and reported, and whether the banner's style is in force.</summary>
    private async Task<(IEnumerable<string> Told, bool IsShown)> OpenAsync(params EnginePersonalization[] personalizations)
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { Personalizations = personalizations });
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/", Recorder));
        await page.WaitForFunctionAsync("count => seen.length === 2 * count", personalizations.Length);
        var lines = Lines(await site.FinishAsync(page));
        var seen = await page.EvaluateAsync<string[]>("seen");
        var color = await page.EvaluateAsync<string>("getComputedStyle(document.getElementById('text')).color");
        return ([.. seen, .. lines], color == "rgb(1, 2, 3)");
    }
}
