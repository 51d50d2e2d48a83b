using Kameleoon.Hybrid.Sandbox;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>Opportunity segments and product recommendations, with the sandbox's answers.</summary>
public sealed class EngineAddOnTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly EngineConfiguration Opportunities = new()
    {
        Opportunities = true,
        GeneratedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        Segments =
        [
            new EngineSegment(1, "Readers", EngineSite.Conditions()),
            new EngineSegment(2, "[DEV] Readers", EngineSite.Conditions()),
            new EngineSegment(3, "Old", EngineSite.Conditions(), DateModified: 0),
        ],
    };

    [Fact]
    [Spec("T-OPP")]
    public async Task Opportunity_segments_are_loaded_once_and_reported()
    {
        await using var site = await EngineSite.StartAsync(Opportunities);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        var asked = 0;
        page.Request += (_, request) => asked += request.Url.Contains("audiences/segments.js", StringComparison.Ordinal) ? 1 : 0;

        await page.GotoAsync(site.Add("/"));
        await page.WaitForFunctionAsync("() => Kameleoon.API.Segments.getById(1)?.triggered");
        var events = await site.FinishAsync(page);

        events.Where(sent => sent.Type == "targetingSegment").Select(sent => sent.Fields["id"]).ShouldBe(["1"]);
        asked.ShouldBe(1);
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Opportunity_segments_wait_for_consent()
    {
        await using var site = await EngineSite.StartAsync(Opportunities with { Consent = new EngineConsent(AbTesting: "REQUIRED") });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var asked = 0;
        page.Request += (_, request) => asked += request.Url.Contains("audiences/segments.js", StringComparison.Ordinal) ? 1 : 0;

        await page.GotoAsync(site.Add("/"));
        await EngineSite.CodeAsync(page);
        asked.ShouldBe(0);
        await page.EvaluateAsync("Kameleoon.API.Core.enableLegalConsent()");
        await page.WaitForFunctionAsync("() => Kameleoon.API.Segments.getById(1)?.triggered");

        asked.ShouldBe(1);
    }

    [Fact]
    public async Task A_live_segment_may_ask_for_an_ad_blocker_that_the_cached_engine_knew_nothing_of()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { LiveUpdate = true });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        using var browser = new HttpClient();
        var cached = await browser.GetStringAsync(new Uri(site.At("/_kameleoon/engine.js")));
        await page.RouteAsync("**/engine.js", route => route.FulfillAsync(new() { Body = cached, ContentType = "text/javascript" }));
        site.Project.Configuration = new EngineConfiguration
        {
            LiveUpdate = true,
            Segments = [new EngineSegment(9, "Blocking", EngineSite.Conditions("""{ "targetingType": "AD_BLOCKER" }"""))],
            Experiments =
            [
                new EngineExperiment(5, "live")
                {
                    Kind = "web",
                    Tags = ["LIVE-UPDATE"],
                    SegmentId = 9,
                    Variations = [new EngineVariation(6, "on") { Share = 1 }],
                },
            ],
        };

        await page.GotoAsync(site.Add(
            "/", EngineSite.Recorder, head: "<style nonce=\"n1\">.ad-placement { display: none }</style>"));
        await page.WaitForFunctionAsync("() => seen.includes('ExperimentActivated')");

        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBe(["5/6"]);
    }

    [Fact]
    public async Task Products_are_tracked_and_recommended_by_what_other_visitors_did()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { Recommendations = true });
        site.Add("/");
        foreach (var script in new[]
        {
            "trackProductView('lamp', { name: 'Desk lamp' }); Kameleoon.API.Products.trackTransaction([{ productID: 'bulb', quantity: 2 }])",
            "trackProductView('rug')",
        })
        {
            await using var other = await chromium.NewVisitorAsync();
            var shop = await other.NewPageAsync();
            await shop.GotoAsync(site.At("/"));
            await EngineSite.CodeAsync(shop);
            await shop.EvaluateAsync($"() => {{ Kameleoon.API.Products.{script}; }}");
            await site.FinishAsync(shop);
        }

        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        await page.GotoAsync(site.At("/"));
        var products = await page.EvaluateAsync<string[]>(
            """
            () => new Promise((done, fail) => kameleoonQueue.push(() => {
              const products = Kameleoon.API.Products;
              products.trackProductView("lamp");
              // What a visitor has viewed is not recommended, so the view has to have arrived.
              const ask = () => products.obtainProductInteractions(["lamp"], answer => answer.lamp.views < 2
                ? setTimeout(ask, 20)
                : products.obtainRecommendedProducts("next-to", {}, found => done(found.products), fail));
              ask();
            }))
            """);
        var counts = await page.EvaluateAsync<string>(
            """
            () => new Promise(done => Kameleoon.API.Products.obtainProductInteractions(["lamp", "bulb"], answer =>
              done(JSON.stringify(answer))))
            """);

        products.ShouldBe(["bulb", "rug"]);
        counts.ShouldBe(
            """{"lamp":{"views":2,"cartQuantities":0,"boughtQuantities":0},"bulb":{"views":0,"cartQuantities":0,"boughtQuantities":2}}""");
        (await page.EvaluateAsync<string>("JSON.parse(localStorage.getItem('kameleoonData')).value.visits[0].products[0].id"))
            .ShouldBe("lamp");
        (await site.FinishAsync(page)).ShouldContain(sent => sent.Type == "product" && sent.Fields["ean"] == "lamp");
        complaints.ShouldBeEmpty();
    }
}
