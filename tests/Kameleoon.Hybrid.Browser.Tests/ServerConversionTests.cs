using System.Net;
using Kameleoon.Hybrid.Sandbox;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>Experiments of the engine that are targeted on a conversion which a server reports.</summary>
public sealed class ServerConversionTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task An_experiment_targeted_on_a_conversion_of_the_server_runs()
    {
        await using var site = await StartAsync();
        await using var visitor = await chromium.NewVisitorAsync(site, "buyer");
        var page = await visitor.NewPageAsync();
        await ConvertAsync(site);

        await page.GotoAsync(site.Add("/", EngineSite.Recorder));
        await page.WaitForFunctionAsync("() => seen.includes('ExperimentActivated')");

        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBe(["5/6"]);
    }

    [Fact]
    public async Task An_experiment_runs_on_the_second_page_when_the_server_reports_its_conversion_after_the_first()
    {
        await using var site = await StartAsync();
        await using var visitor = await chromium.NewVisitorAsync(site, "buyer");
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/", EngineSite.Recorder));
        await page.WaitForFunctionAsync("() => seen.includes('Started')");
        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBeEmpty();
        await ConvertAsync(site);

        await page.GotoAsync(site.At("/"));
        await page.WaitForFunctionAsync("() => seen.includes('ExperimentActivated')");

        EngineSite.Exposures(await LiveEvents.WaitAsync(site.Address, "buyer", sent => sent.Type == "experiment")).ShouldBe(["5/6"]);
        (await page.EvaluateAsync<int>("Kameleoon.API.Visitor.numberOfVisits")).ShouldBe(1);
    }

    private static Task<EngineSite> StartAsync() => EngineSite.StartAsync(new EngineConfiguration
    {
        Experiments =
        [
            new EngineExperiment(100, "checkout") { Variations = [new EngineVariation(1, "on")] },
            new EngineExperiment(5, "web5") { Kind = "web", Variations = [new EngineVariation(6, "on") { Share = 1 }], SegmentId = 9 },
        ],
        Segments = [new EngineSegment(9, "Buyers", EngineSite.Conditions("""{ "targetingType": "CONVERSIONS", "goalId": 7 }"""))],
    });

    private static async Task ConvertAsync(EngineSite site)
    {
        using var server = new HttpClient();
        using var conversion = new StringContent("eventType=conversion&nonce=0123456789ABCDEF&visitorCode=buyer&goalId=7");
        using var answer = await server.PostAsync(new Uri(site.Address, "/_kameleoon/visit/events?siteCode=sandbox"), conversion);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }
}
