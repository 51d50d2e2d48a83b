using Kameleoon.Hybrid.Sandbox;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>What a browser does with a server's decisions, by the numbers of the scenarios.</summary>
public sealed class EngineHybridTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Recorder = "var ran = [];";

    private static readonly EngineConfiguration Known = new()
    {
        Integrations = new Dictionary<string, EngineScript>(StringComparer.Ordinal)
        {
            ["Analytics"] = new("ran.push([experimentId, experimentName, variationId, variationName].join())"),
        },
        Experiments =
        [
            new EngineExperiment(100, "checkout")
            {
                Integrations = ["Analytics"],
                Variations =
                [
                    new(1, "off"),
                    new(2, "on") { Js = new("ran.push('code')"), Css = "#text { color: rgb(1, 2, 3) }" },
                ],
            },
        ],
    };

    [Fact]
    [Spec("T-HYB-1")]
    public async Task A_decision_is_reported_under_the_server_s_cookie_which_stays_as_it_is()
    {
        await using var site = await EngineSite.StartAsync(Known);
        await using var visitor = await chromium.NewVisitorAsync(site, "aaaabbbbccccdddd");
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        var before = (await visitor.CookiesAsync()).Single();

        await page.GotoAsync(site.Add("/", Recorder + EngineSite.Decision(100, 2)));
        var events = await site.FinishAsync(page);

        EngineSite.Exposures(events).ShouldBe(["100/2"]);
        events.ShouldAllBe(sent => sent.VisitorCode == "aaaabbbbccccdddd" && sent.Violations.Count == 0);
        (await page.EvaluateAsync<string[]>("ran")).ShouldBe(["100,checkout,2,on"]);
        var after = (await visitor.CookiesAsync()).Single();
        (after.Value, after.Domain, after.Expires).ShouldBe((before.Value, before.Domain, before.Expires));
        complaints.ShouldBeEmpty();
    }

    [Fact]
    [Spec("T-HYB-2", "T-QUEUE-4")]
    public async Task The_tracking_code_says_the_same_before_and_after_the_engine_and_however_slow_it_is()
    {
        await using var site = await EngineSite.StartAsync(Known);
        var code = Recorder + EngineSite.Decision(100, 2);
        site.Add("/before", code);
        site.Add("/after", after: code);

        var before = await LinesAsync(site, "/before");
        var after = await LinesAsync(site, "/after");
        var slow = await LinesAsync(site, "/before", isSlow: true);
        var cached = await LinesAsync(site, "/before", isCached: true);

        before.ShouldBe(["page", "staticData", "experiment 100/2"]);
        after.ShouldBe(before);
        slow.ShouldBe(before);
        cached.ShouldBe(before);
    }

    [Fact]
    [Spec("T-HYB-3")]
    public async Task An_experiment_the_engine_does_not_know_is_reported_and_not_kept()
    {
        await using var site = await EngineSite.StartAsync(Known);
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", Recorder + EngineSite.Decision(999, 7)));

        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBe(["999/7"]);
        (await page.EvaluateAsync<string[]>("Object.keys(localStorage).filter(key => key.startsWith('kameleoonExperiment'))"))
            .ShouldBeEmpty();
        (await page.EvaluateAsync<string[]>("ran")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(",true", "100/2")]
    [InlineData("", "100/1")]
    [Spec("T-HYB-4")]
    public async Task The_server_s_variation_replaces_the_stored_one_if_it_says_so(string third, string expected)
    {
        await using var site = await EngineSite.StartAsync(Known);
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        const string Stored = "localStorage.setItem('kameleoonExperiment-100', "
            + "JSON.stringify({ value: '1/1', expirationDate: Date.now() + 1e9 }));";
        var code = $"var kameleoonQueue=[['Experiments.assignVariation',100,2{third}],['Experiments.trigger',100,true]];";

        await page.GotoAsync(site.Add("/", Recorder + Stored + code));

        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBe([expected]);
        (await page.EvaluateAsync<string>("JSON.parse(localStorage.getItem('kameleoonExperiment-100')).value"))
            .ShouldStartWith(expected["100/".Length..] + "/");
    }

    [Fact]
    [Spec("T-HYB-5")]
    public async Task After_a_login_everything_on_the_page_is_reported_under_the_imposed_code()
    {
        await using var site = await EngineSite.StartAsync(Known);
        await using var visitor = await chromium.NewVisitorAsync(site, "A");
        var page = await visitor.NewPageAsync();
        const string Impose = "var kameleoonQueue=[{level:'IMMEDIATE',command:['Visitor.setVisitorCode','B']}];";

        await page.GotoAsync(site.Add("/", Recorder + Impose + EngineSite.Decision(100, 2)));
        var events = await site.FinishAsync(page);

        EngineSite.Exposures(events).ShouldBe(["100/2"]);
        events.ShouldAllBe(sent => sent.VisitorCode == "B");
        (await LiveEvents.ReadAsync(site.Address)).Events.ShouldAllBe(sent => sent.VisitorCode == "B");
    }

    [Fact]
    [Spec("T-HYB-5")]
    public async Task A_late_code_leaves_what_was_gathered_before_it_where_it_belongs()
    {
        await using var site = await EngineSite.StartAsync(Known);
        await using var visitor = await chromium.NewVisitorAsync(site, "A");
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", "var converted = new Promise(done => addEventListener('Kameleoon::Started', () => {"
            + " Kameleoon.API.Goals.processConversion(1); Kameleoon.API.Visitor.setVisitorCode('B');"
            + " Kameleoon.API.Goals.processConversion(2); done(); }));"));
        await page.EvaluateAsync("() => converted");
        var events = await site.FinishAsync(page);

        Conversions(events).ShouldBe(["2"]);
        Conversions(await LiveEvents.WaitAsync(site.Address, "A", sent => sent.Type == "conversion")).ShouldBe(["1"]);
    }

    [Theory]
    [InlineData(false, "stored")]
    [InlineData(true, "server")]
    [Spec("T-HYB-6")]
    public async Task In_unified_storage_the_stored_code_wins_unless_the_server_imposes_its_own(bool imposes, string expected)
    {
        await using var site = await EngineSite.StartAsync(Known with { Unify = new EngineUnify(Enabled: true) });
        await using var visitor = await chromium.NewVisitorAsync(site, "server");
        var page = await visitor.NewPageAsync();
        const string Stored = "localStorage.setItem('kameleoonVisitorCode', "
            + "JSON.stringify({ value: 'stored', expirationDate: Date.now() + 1e9 }));";
        const string Impose = "var kameleoonQueue=[{level:'IMMEDIATE',command:['Visitor.setVisitorCode','server']}];";

        await page.GotoAsync(site.Add("/", Stored + (imposes ? Impose : "")));
        var events = await site.FinishAsync(page);

        events.ShouldAllBe(sent => sent.VisitorCode == expected);
        (await visitor.CookiesAsync()).Select(cookie => cookie.Value).ShouldAllBe(value => value == expected);
        (await page.EvaluateAsync<string>("JSON.parse(localStorage.getItem('kameleoonVisitorCode')).value")).ShouldBe(expected);
        using var http = new HttpClient { BaseAddress = site.Address };
        (await http.GetStringAsync(new Uri("/_kameleoon/live/state", UriKind.Relative)))
            .Contains("\"problem\":\"cookieDiffers\"", StringComparison.Ordinal).ShouldBe(!imposes);
    }

    [Fact]
    public async Task The_reason_of_an_abort_stands_in_the_visitor_s_story_where_the_engine_tells_its_steps()
    {
        await using var site = await EngineSite.StartAsync(Known with { Disabled = true }, tellsSteps: true);
        await using var visitor = await chromium.NewVisitorAsync(site, "anna");
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        using var http = new HttpClient { BaseAddress = site.Address };

        await page.RunAndWaitForResponseAsync(
            () => page.GotoAsync(site.Add("/")), answer => answer.Url.Contains("engine-steps", StringComparison.Ordinal));
        var story = await http.GetStringAsync(new Uri("/_kameleoon/live/visitor?code=anna", UriKind.Relative));

        story.ShouldContain("The engine says: abort");
        story.ShouldContain("DISABLED");
        site.Reports.ShouldBeEmpty();
        complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(100)]
    [InlineData(999)]
    [Spec("T-HYB-7")]
    public async Task A_tracking_code_rendered_twice_is_one_exposure(long experiment)
    {
        await using var site = await EngineSite.StartAsync(Known);
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        var code = EngineSite.Decision(experiment, 2);

        await page.GotoAsync(site.Add("/", Recorder + code + code, code));

        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBe([$"{experiment}/2"]);
    }

    [Fact]
    [Spec("T-HYB-8")]
    public async Task A_conversion_in_the_browser_has_the_code_of_the_server_s_exposure()
    {
        await using var site = await EngineSite.StartAsync(Known);
        await using var visitor = await chromium.NewVisitorAsync(site, "shared");
        using var server = new HttpClient { BaseAddress = site.Address };
        using var sent = await server.PostAsync(
            new Uri("/_kameleoon/visit/events?sdkName=CSHARP&sdkVersion=1&siteCode=s&bodyUa=true", UriKind.Relative),
            new StringContent("eventType=experiment&id=100&variationId=2&nonce=5800F1BDD0667747&visitorCode=shared"));
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", "var kameleoonQueue=[['Goals.processConversion',7,12.5]];"));
        var events = await site.FinishAsync(page);

        events.Single(one => one.Type == "experiment").Sender.ShouldBe("server");
        var conversion = events.Single(one => one.Type == "conversion");
        (conversion.Sender, conversion.VisitorCode, conversion.Fields["revenue"]).ShouldBe(("engine", "shared", "12.5"));
    }

    [Fact]
    [Spec("T-HYB-10", "T-BFCACHE")]
    public async Task A_page_restored_by_the_browser_is_a_view_without_a_second_exposure()
    {
        await using var site = await EngineSite.StartAsync(Known);
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor", hasPageCache: true);
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/", Recorder + EngineSite.Decision(100, 2)
            + "addEventListener('pageshow', event => { window.restored = event.persisted; });"
            + "var starts = 0; addEventListener('Kameleoon::Started', () => starts++);"));
        await page.WaitForFunctionAsync("() => starts === 1");
        await page.GotoAsync(site.Add("/other", engine: ""));

        await page.GoBackAsync(new PageGoBackOptions { WaitUntil = WaitUntilState.Commit }); // It is not loaded again.
        await page.WaitForFunctionAsync("() => window.restored === true");
        var events = await site.FinishAsync(page);

        EngineSite.Exposures(events).ShouldBe(["100/2"]);
        events.Count(sent => sent.Type == "page").ShouldBe(2);
        (await page.EvaluateAsync<int>("starts")).ShouldBe(1);
    }

    [Fact]
    [Spec("T-HYB-11")]
    public async Task While_consent_is_unknown_nothing_leaves_and_then_the_exposure_leaves_once()
    {
        await using var site = await EngineSite.StartAsync(Known with { Consent = new EngineConsent("REQUIRED", "REQUIRED") });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var address = site.Add("/", Recorder + EngineSite.Decision(100, 2)
            + "addEventListener('Kameleoon::Started', () => { window.started = true; });");

        await page.GotoAsync(address);
        await page.WaitForFunctionAsync("() => window.started");
        var minted = await page.EvaluateAsync<string>("Kameleoon.API.Visitor.code");
        await page.ReloadAsync();
        await page.WaitForFunctionAsync("() => window.started");

        (await visitor.CookiesAsync()).ShouldBeEmpty();
        site.Bodies.ShouldBeEmpty();
        (await page.EvaluateAsync<string>("Kameleoon.API.Visitor.code")).ShouldNotBe(minted, StringComparer.Ordinal);
        await page.EvaluateAsync("Kameleoon.API.Core.enableLegalConsent('BOTH')");
        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBe(["100/2"]);
        (await visitor.CookiesAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    [Spec("W3", "T-HYB-12", "T-HYB-13")]
    public async Task Under_a_policy_of_nonces_the_code_of_a_variation_runs_once_and_nothing_is_refused()
    {
        await using var site = await EngineSite.StartAsync(Known);
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        var code = EngineSite.Decision(100, 2, trackingOnly: false);

        await page.GotoAsync(site.Add("/", Recorder + "var activated = 0;"
            + "addEventListener('Kameleoon::ExperimentActivated', () => activated++);" + code + code));
        var events = await site.FinishAsync(page);

        EngineSite.Exposures(events).ShouldBe(["100/2"]);
        (await page.EvaluateAsync<string[]>("ran")).ShouldBe(["code", "100,checkout,2,on"]);
        (await page.EvaluateAsync<int>("activated")).ShouldBe(1);
        (await page.EvaluateAsync<string>("getComputedStyle(document.getElementById('text')).color")).ShouldBe("rgb(1, 2, 3)");
        (await page.Locator("#kameleoonStyleSheet-100").CountAsync()).ShouldBe(1);
        site.Reports.ShouldBeEmpty();
        complaints.ShouldBeEmpty();
    }

    [Fact]
    [Spec("T-HYB-14")]
    public async Task A_visitor_the_server_holds_out_is_exposed_to_the_holdout_alone()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Experiments =
            [
                new EngineExperiment(9, "holdout") { Kind = "holdout", Variations = [new(8, "in-holdout") { Share = 0 }] },
                new EngineExperiment(5, "web") { Kind = "web", Variations = [new(6, "on") { Share = 1 }] },
            ],
        });
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", EngineSite.Decision(9, 8)));

        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBe(["9/8"]);
    }

    private static IEnumerable<string> Conversions(IEnumerable<LiveEvent> events) =>
        events.Where(sent => sent.Type == "conversion").Select(sent => sent.Fields["goalId"]);

    /// <summary>What one visitor's page sends; each visitor has another code.</summary>
    private async Task<IReadOnlyList<string>> LinesAsync(EngineSite site, string path, bool isSlow = false, bool isCached = false)
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        if (isCached)
        {
            await page.GotoAsync(site.At(path));
            await site.FinishAsync(page);
            await visitor.ClearCookiesAsync();
        }

        var parsed = new TaskCompletionSource();
        if (isSlow)
        {
            page.DOMContentLoaded += (_, _) => parsed.TrySetResult();
            await page.RouteAsync("**/engine.js", async route =>
            {
                // Held back until the page is read to its end.
                await parsed.Task;
                await route.ContinueAsync();
            });
        }

        await page.GotoAsync(site.At(path));

        // Playwright evaluates with a user gesture. On a slow machine that is before the engine starts, which reports activity.
        return [.. (await site.FinishAsync(page)).Where(sent => sent.Type != "activity").Reverse().Select(sent => sent.Type == "experiment"
            ? $"{sent.Type} {EngineSite.Exposures([sent]).Single()}"
            : sent.Type)];
    }
}
