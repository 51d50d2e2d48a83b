using Kameleoon.Hybrid.Sandbox;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The engine waits for elements of the page with one observer.</summary>
public sealed class ElementObserverTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>Counts the observers of the engine in <c>observers</c>; tools of the test may have others.</summary>
    internal const string CountObservers = """
        const Observer = MutationObserver;
        var observers = 0;
        MutationObserver = class extends Observer {
          constructor(callback) {
            super(callback);
            observers += new Error().stack.includes("engine.js") ? 1 : 0;
          }
        };
        """;

    [Fact]
    public async Task One_observer_serves_every_wait_for_an_element()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Experiments = [new EngineExperiment(5, "web5") { Kind = "web", Variations = [new EngineVariation(6, "on") { Share = 1 }], SegmentId = 9 }],
            Segments =
            [
                new EngineSegment(
                    9, "Late", EngineSite.Conditions("""{ "targetingType": "DOM_ELEMENT", "selector": "section.late > p" }""")),
            ],
        });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", EngineSite.Recorder + CountObservers));
        await EngineSite.CodeAsync(page);
        await page.EvaluateAsync("for (const selector of ['#a.b', '.late', 'article']) Kameleoon.API.Core"
            + ".runWhenElementPresent(selector, found => seen.push(selector + found.length))");
        await page.EvaluateAsync(
            """
            () => {
              const late = document.createElement('section');
              late.innerHTML = '<p></p><article id="a"></article>';
              document.body.append(late);
              late.className = 'late';
              late.lastChild.className = 'b';
            }
            """);
        await page.WaitForFunctionAsync("() => seen.includes('ExperimentActivated')");

        (await page.EvaluateAsync<string[]>("seen")).ShouldBe(
            ["Loaded", "Started", "#a.b1", ".late1", "article1", "ExperimentTriggered", "ExperimentActivated"], ignoreOrder: true);
        (await page.EvaluateAsync<int>("observers")).ShouldBe(1);
    }
}
