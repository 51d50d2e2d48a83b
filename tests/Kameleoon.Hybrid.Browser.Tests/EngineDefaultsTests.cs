using System.Globalization;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>What the engine does where the project says nothing else.</summary>
public sealed class EngineDefaultsTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Ad_blockers_are_looked_for_before_the_campaigns()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Experiments = [Web(5, new EngineVariation(6, "on") { Share = 1 }) with { SegmentId = 9 }],
            Segments = [new EngineSegment(9, "Blocking", EngineSite.Conditions("""{ "targetingType": "AD_BLOCKER" }"""))],
        });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add(
            "/", EngineSite.Recorder, head: "<style nonce=\"n1\">.ad-placement { display: none }</style>"));
        await page.WaitForFunctionAsync("() => seen.includes('ExperimentActivated')");

        (await site.FinishAsync(page)).Reverse().Select(sent => sent.Type).Where(type => type is "adBlocker" or "experiment")
            .ShouldBe(["adBlocker", "experiment"]);
    }

    [Fact]
    public async Task A_page_without_campaigns_asks_for_one_file_and_sends_its_events()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(new Uri(request.Url).AbsolutePath);

        var sent = page.WaitForRequestAsync("**/visit/events*");

        await page.GotoAsync(site.Add("/", ElementObserverTests.CountObservers));
        await site.FinishAsync(page);
        await sent;

        asked.Distinct(StringComparer.Ordinal).ShouldBe(["/", "/_kameleoon/engine.js", "/_kameleoon/visit/events"]);
        (await page.EvaluateAsync<int>("observers")).ShouldBe(0);
    }

    [Fact]
    public async Task A_cookie_that_was_deleted_comes_back_from_local_storage()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/"));
        var code = await EngineSite.CodeAsync(page);
        await visitor.ClearCookiesAsync();

        await page.ReloadAsync();

        (await EngineSite.CodeAsync(page)).ShouldBe(code);
        (await visitor.CookiesAsync()).ShouldHaveSingleItem().Value.ShouldBe(code);
    }

    [Fact]
    public async Task A_late_engine_gives_the_page_up_without_an_anti_flicker_tag_too()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { OnTimeout = "PAGE" });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.RouteAsync("**/engine.js", async route =>
        {
            await page.WaitForFunctionAsync("() => performance.now() > 2000");
            await route.ContinueAsync();
        });

        await page.GotoAsync(site.Add("/", EngineSite.Recorder), new() { WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync("() => seen.length === 2");

        (await page.EvaluateAsync<string[]>("seen")).ShouldBe(["Loaded", "Aborted TIMEOUT"]);
        site.Bodies.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    public async Task A_delayed_variation_whose_file_is_missing_is_not_reported(int status)
    {
        var banner = new EngineVariation(8, "banner") { Css = "p{}" };
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Experiments =
            [
                Web(5, new EngineVariation(6, "on") { Share = 1, Js = new("document.title = 'shown'") }) with { Tags = ["DELAYED"] },
            ],
            Personalizations = [new EnginePersonalization(7, "banner") { Variation = banner, Tags = ["DELAYED"] }],
        });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.RouteAsync("**/variations/*.js", route => route.FulfillAsync(new RouteFulfillOptions { Status = status }));
        var missing = 0;
        page.Console += (_, message) => missing +=
            message.Text.Contains("neither shown nor reported", StringComparison.Ordinal) ? 1 : 0;

        await page.GotoAsync(site.Add("/"));
        await page.WaitForFunctionAsync("() => performance.getEntriesByType('resource').filter(one => /variations/.test(one.name)).length === 2");
        var events = await site.FinishAsync(page);

        events.Select(sent => sent.Type).ShouldNotContain(type => type == "experiment" || type == "personalization");
        (await page.TitleAsync()).ShouldBe("t");
        missing.ShouldBe(2);
    }

    [Fact]
    public async Task A_personalization_s_limit_of_visitors_counts_what_the_sandbox_received()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Personalizations =
            [
                new EnginePersonalization(7, "banner")
                {
                    Capping = new EngineCapping(Global: 2),
                    Variation = new EngineVariation(8, "blue") { Css = "p{}" },
                },
            ],
        });
        site.Add("/");

        var causes = new List<string?>();
        await using var first = await chromium.NewVisitorAsync();
        var kept = await first.NewPageAsync();
        foreach (var page in new[] { kept, await NewPageAsync(), await NewPageAsync(), kept })
        {
            await page.GotoAsync(site.At("/"));
            var personalization = (await site.FinishAsync(page)).First(sent => sent.Type == "personalization");
            causes.Add(personalization.Fields.GetValueOrDefault("unexpositionCause"));
        }

        causes.ShouldBe([null, null, "PERSONALIZATION_CAPPING", null]);

        async Task<IPage> NewPageAsync() => await (await chromium.NewVisitorAsync()).NewPageAsync();
    }

    [Fact]
    public async Task An_experiment_that_was_removed_stops_with_an_engine_of_the_cache()
    {
        var live = Web(5, new EngineVariation(6, "on") { Share = 1, Css = "p{}" }) with { Tags = ["LIVE-UPDATE"] };
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { Experiments = [live] });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        using var browser = new HttpClient();
        var cached = await browser.GetStringAsync(
            new Uri(site.At("/_kameleoon/engine.js")));
        await page.RouteAsync("**/engine.js", route => route.FulfillAsync(
            new RouteFulfillOptions { Body = cached, ContentType = "text/javascript" }));
        site.Project.Configuration = new EngineConfiguration();

        await page.GotoAsync(site.Add("/", EngineSite.Recorder));

        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBeEmpty();
        (await page.EvaluateAsync<string[]>("seen")).ShouldBe(["Loaded", "Started"]);
    }

    [Theory]
    [InlineData(true, false, 3)]
    [InlineData(false, true, 3)]
    [InlineData(true, true, 1)]
    public async Task Changes_of_the_address_that_the_project_ignores_are_no_page_views(bool hash, bool parameters, int views)
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Spa = new EngineSinglePage(Enabled: true, IgnoreHash: hash, IgnoreParameters: parameters),
        });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/"));
        await EngineSite.CodeAsync(page);

        foreach (var change in (hash, parameters) switch
        {
            (true, true) => ["?a=1", "?a=2#b", "#c"],
            (true, false) => (string[])["#a", "?a=1", "?a=1#b", "?a=2"],
            _ => ["?a=1", "?a=1#b", "?a=2#b", "?a=2#c"],
        })
        {
            await page.EvaluateAsync(
                "change => new Promise(done => { history.replaceState({}, '', location.pathname + change); setTimeout(done, 300); })", change);
        }

        (await site.FinishAsync(page)).Count(sent => sent.Type == "page").ShouldBe(views);
    }

    [Fact]
    public async Task Activity_just_before_the_page_is_left_is_reported()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { ActivityMs = 600_000 });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/"));
        var code = await EngineSite.CodeAsync(page);

        await page.ClickAsync("#text");
        await page.GotoAsync("about:blank");

        var events = await LiveEvents.WaitAsync(site.Address, code, sent => sent.Type == "activity");
        events.Last(sent => sent.Type == "activity").Fields["clicks"].ShouldBe("1");
    }

    private static EngineExperiment Web(long id, EngineVariation variation) =>
        new(id, string.Create(CultureInfo.InvariantCulture, $"web{id}")) { Kind = "web", Variations = [variation] };
}
