using Kameleoon.Hybrid.Sandbox;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>What the engine decides, shows and reports by itself, in a browser.</summary>
public sealed class EngineCampaignTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly EngineGoal Marker = new(EngineSite.Marker, "Marker");

    private static readonly EngineScript Tell = new(
        "told.push([experimentID ?? personalizationID, experimentName ?? personalizationName, variationId, variationName].join())");

    [Fact]
    [Spec("T-EXP")]
    public async Task An_experiment_is_decided_shown_announced_stored_and_reported()
    {
        await using var site = await EngineSite.StartAsync(Of(Web(
            5, new EngineVariation(6, "on") { Share = 1, Css = "#text { color: rgb(1, 2, 3) }", Js = new("seen.push('code')") })));
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", EngineSite.Recorder));
        var events = await site.FinishAsync(page);

        EngineSite.Exposures(events).ShouldBe(["5/6"]);
        (await page.EvaluateAsync<string[]>("seen"))
            .ShouldBe(["Loaded", "Started", "ExperimentTriggered", "code", "ExperimentActivated"]);
        (await page.EvaluateAsync<string>("getComputedStyle(document.getElementById('text')).color")).ShouldBe("rgb(1, 2, 3)");
        (await StoredAsync(page, 5)).ShouldStartWith("6/");
    }

    [Theory]
    [InlineData(0, 1, "5/0", "0/")]
    [InlineData(6, 0, null, "null/")]
    [Spec("T-EXP")]
    public async Task The_reference_is_reported_and_a_visitor_outside_of_the_traffic_is_not(
        long variation, double share, string? exposure, string stored)
    {
        await using var site = await EngineSite.StartAsync(Of(Web(5, new EngineVariation(variation, "v") { Share = share })));
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/"));
        await page.WaitForFunctionAsync("() => localStorage.getItem('kameleoonExperiment-5')");

        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBe(exposure is null ? [] : [exposure]);
        (await StoredAsync(page, 5)).ShouldStartWith(stored);
    }

    [Theory]
    [InlineData("held out", 0, "holdout/included", "9/0")]
    [InlineData("not held out", 1, "holdout/allowed", "9/1 5/6 personalization")]
    [Spec("T-HOLD-1", "T-HOLD-2")]
    public async Task A_visitor_held_out_is_exposed_to_the_holdout_alone_and_another_visitor_to_all(
        string visitorIs, long variation, string step, string expected)
    {
        await using var site = await EngineSite.StartAsync(Of(
            Web(5, new EngineVariation(6, "on") { Share = 1 }),
            new EngineExperiment(9, "holdout") { Kind = "holdout", Variations = [new(variation, "group") { Share = 1 }] }) with
        {
            Personalizations = [new EnginePersonalization(3, "banner") { Variation = new(4, "banner") }],
        });
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", "var steps = [];"
            + "addEventListener('Kameleoon::Internals', event => steps.push(event.detail.type));"));
        await page.WaitForFunctionAsync("() => steps.some(step => step.startsWith('holdout'))");
        var events = await site.FinishAsync(page);

        (await page.EvaluateAsync<string[]>("steps")).Count(one => one == step).ShouldBe(1, visitorIs);
        EngineSite.Exposures(events).Concat(events.Where(sent => sent.Type == "personalization").Select(sent => sent.Type))
            .ShouldBe(expected.Split(' '), ignoreOrder: true);
    }

    [Fact]
    [Spec("T-SEG")]
    public async Task A_true_segment_is_reported_once_per_visit_and_lets_its_experiment_run()
    {
        const string Here = """{ "targetingType": "PAGE_URL", "matchType": "CONTAINS", "url": "/shop" }""";
        const string Named = """{ "targetingType": "PAGE_TITLE", "matchType": "EXACT", "title": "another" }""";
        await using var site = await EngineSite.StartAsync(Of(
            Web(5, new EngineVariation(6, "on") { Share = 1 }) with { SegmentId = 1 },
            Web(7, new EngineVariation(8, "on") { Share = 1 }) with { SegmentId = 2 }) with
        {
            Segments =
            [
                new EngineSegment(1, "shop", EngineSite.Conditions(Here)),
                new EngineSegment(2, "another", EngineSite.Conditions(Here, Named)),
            ],
        });
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();

        foreach (var path in new[] { "/", "/shop", "/shop/shoes" })
        {
            await page.GotoAsync(site.Add(path, EngineSite.Recorder));
            await page.WaitForFunctionAsync("() => document.readyState === 'complete' && seen.includes('Started')");
        }

        var events = await site.FinishAsync(page);
        events.Where(sent => sent.Type == "targetingSegment").Select(sent => sent.Fields["id"]).ShouldBe(["1"]);
        EngineSite.Exposures(events).ShouldBe(["5/6", "5/6"]); // once per page
    }

    [Theory]
    [InlineData("URL", 0, "/basket")]
    [InlineData("URL", 0, "/other", false)]
    [InlineData("PAGE_VIEWS", 1)]
    [InlineData("PAGE_VIEWS", 2, "/basket", false)]
    [InlineData("ENGAGEMENT", 1)]
    [InlineData("TIME_SPENT", 1)]
    [InlineData("TIME_SPENT", 3600, "/basket", false)]
    [InlineData("SCROLL", 90)]
    [InlineData("CUSTOM", 0, "/basket", false)]
    [Spec("T-GOAL")]
    public async Task A_goal_converts_by_what_the_visitor_does_and_once(
        string type, double threshold, string path = "/basket", bool converts = true)
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Goals = [new EngineGoal(7, type, type, Threshold: threshold, Url: "/basket", MatchType: "CONTAINS"), Marker],
        });
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        const string Converted = "var goals = []; addEventListener('Kameleoon::ConversionTriggered',"
            + " event => goals.push(event.detail.goal.id));";
        await page.GotoAsync(site.Add(
            path, Converted, head: "<style nonce=\"n1\">#text { height: 3000px }</style>"));
        await EngineSite.CodeAsync(page);

        foreach (var _ in new[] { 1, 2 })
        {
            await page.ClickAsync("#text");
            await page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)");
            await page.EvaluateAsync("() => new Promise(done => setTimeout(done, 1100))"); // The engine looks every second.
            await page.EvaluateAsync("() => scrollTo(0, 0)");
        }

        (await site.FinishAsync(page)).Count(sent => sent.Fields.GetValueOrDefault("goalId") == "7").ShouldBe(converts ? 1 : 0);
        (await page.EvaluateAsync<long[]>("goals")).ShouldBe(converts ? [7, EngineSite.Marker] : [EngineSite.Marker]);
    }

    [Fact]
    [Spec("T-INT")]
    public async Task The_integration_of_a_server_s_decision_runs_once_with_the_names()
    {
        await using var site = await EngineSite.StartAsync(Of(new EngineExperiment(100, "checkout")
        {
            Integrations = ["Analytics"],
            Variations = [new(1, "off"), new(2, "on")],
        }));
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        var code = EngineSite.Decision(100, 2);

        await page.GotoAsync(site.Add("/", "var told = [];" + code + code));
        await site.FinishAsync(page);

        (await page.EvaluateAsync<string[]>("told")).ShouldBe(["100,checkout,2,on"]);
    }

    [Fact]
    [Spec("T-INT")]
    public async Task Integrations_of_the_engine_s_campaigns_wait_for_consent()
    {
        await using var site = await EngineSite.StartAsync(
            Of(Web(5, new EngineVariation(6, "on") { Share = 1 }) with { Integrations = ["Analytics"] }) with
            {
                Consent = new EngineConsent("REQUIRED", "REQUIRED"),
                Personalizations =
                    [new EnginePersonalization(3, "banner") { Variation = new(4, "blue"), Integrations = ["Analytics"] }],
            });
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/", EngineSite.Recorder + "var told = [];"));
        await page.WaitForFunctionAsync("() => seen.includes('ExperimentActivated')");
        (await page.EvaluateAsync<string[]>("told")).ShouldBeEmpty();

        await page.EvaluateAsync("Kameleoon.API.Core.enableLegalConsent('AB_TESTING')");
        (await page.EvaluateAsync<string[]>("told")).ShouldBe(["5,web,6,on"]);
        await page.EvaluateAsync("Kameleoon.API.Core.enableLegalConsent('PERSONALIZATION')");
        (await page.EvaluateAsync<string[]>("told")).ShouldBe(["5,web,6,on", "3,banner,4,blue"]);
    }

    [Fact]
    [Spec("T-LIVE")]
    public async Task After_two_minutes_live_campaigns_are_asked_for_again()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { LiveUpdate = true });
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(new Uri(request.Url).AbsolutePath);
        var counts = new List<int>();

        foreach (var seconds in new[] { 0, 110, 121 })
        {
            await page.GotoAsync(site.Add($"/{seconds}", EngineSite.Later(TimeSpan.FromSeconds(seconds))));
            await page.WaitForFunctionAsync("() => sessionStorage.getItem('kameleoonLiveConfig')");
            await EngineSite.CodeAsync(page);
            counts.Add(asked.Count(path => path.EndsWith("/live-experiments/config.js", StringComparison.Ordinal)));
        }

        counts.ShouldBe([1, 1, 2]);
    }

    private static EngineConfiguration Of(params EngineExperiment[] experiments) => new()
    {
        Experiments = experiments,
        Integrations = new Dictionary<string, EngineScript>(StringComparer.Ordinal) { ["Analytics"] = Tell },
    };

    private static EngineExperiment Web(long id, EngineVariation variation) =>
        new(id, "web") { Kind = "web", Variations = [variation] };

    private static Task<string> StoredAsync(IPage page, long experiment) => page.EvaluateAsync<string>(
        "id => JSON.parse(localStorage.getItem('kameleoonExperiment-' + id)).value", experiment);
}
