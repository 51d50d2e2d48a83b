using System.Text.Json;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>Who the visitor is, what they allow, and their visits, in a browser.</summary>
public sealed class EngineVisitorTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly EngineConfiguration Asking = new() { Consent = new EngineConsent("REQUIRED", "REQUIRED") };

    private static readonly JsonElement Always = JsonElement.Parse("true");

    [Theory]
    [InlineData("none", null, null, false, null, false)]
    [InlineData("cookie", "cookie", null, false, "cookie", true)]
    [InlineData("local storage", null, "local", true, "local", false)]
    [InlineData("both equal", "local", "local", true, "local", true)]
    [InlineData("both different without the option", "cookie", "local", false, "cookie", true)]
    [InlineData("both different with the option", "cookie", "local", true, "local", false)]
    [Spec("T-VC-1", "T-VC-2", "T-VC-3", "T-VC-4", "T-VC-5", "T-VC-6")]
    public async Task A_cookie_with_the_visitor_s_code_stays_as_it_is_and_another_is_replaced(
        string id, string? cookie, string? local, bool isLocalRead, string? expected, bool stays)
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { VisitorCodeInLocalStorage = isLocalRead });
        await using var visitor = cookie is null ? await chromium.NewVisitorAsync() : await chromium.NewVisitorAsync(site, cookie);
        var page = await visitor.NewPageAsync();
        var before = (await visitor.CookiesAsync()).SingleOrDefault();
        var store = local is null ? "" : "localStorage.setItem('kameleoonVisitorCode', "
            + $"JSON.stringify({{ value: '{local}', expirationDate: Date.now() + 1e9 }}));";

        await page.GotoAsync(site.Add("/", store));
        var code = await EngineSite.CodeAsync(page);

        code.ShouldMatch(expected is null ? "^[a-z0-9]{16}$" : $"^{expected}$", id);
        var after = (await visitor.CookiesAsync()).ShouldHaveSingleItem();
        after.Value.ShouldBe(code);
        (after.Expires == before?.Expires).ShouldBe(stays);
    }

    [Fact]
    [Spec("T-TRACK-6")]
    public async Task The_first_request_opens_with_the_page_and_then_who_sees_it()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", "var kameleoonQueue = [['Goals.processConversion', 7]];"));
        await site.FinishAsync(page);

        site.Bodies.First().Split('\n').Take(3).Select(line => line.Split('&')[0])
            .ShouldBe(["eventType=page", "eventType=staticData", "eventType=conversion"]);
    }

    [Fact]
    public async Task TRACK_7_TRACK_8_Global_scripts_run_once_and_neither_a_paused_one_nor_after_an_error()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            GlobalScript = new("seen.push('global'); throw new Error('global')"),
            Experiments =
            [
                new EngineExperiment(1, "one") { Kind = "web", GlobalScript = new("seen.push('one')"), SegmentId = 404 },
                new EngineExperiment(2, "two") { Kind = "web", GlobalScript = new("seen.push('two')"), Paused = true },
            ],
        });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", EngineSite.Recorder));
        await page.WaitForFunctionAsync("() => seen.includes('Started')");

        (await page.EvaluateAsync<string[]>("seen")).ShouldBe(["Loaded", "global", "one", "Started"]);
    }

    [Fact]
    public async Task TRACK_7_Global_scripts_run_again_when_the_engine_is_loaded_again()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            GlobalScript = new("seen.push('global')"),
            Experiments = [new EngineExperiment(1, "one") { Kind = "web", GlobalScript = new("seen.push('one')"), SegmentId = 404 }],
        });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", EngineSite.Recorder));
        await page.WaitForFunctionAsync("() => seen.includes('Started')");
        await page.EvaluateAsync("Kameleoon.API.Core.load()");

        string[] load = ["Loaded", "global", "one", "Started"];
        (await page.EvaluateAsync<string[]>("seen")).ShouldBe([.. load, .. load]);
    }

    [Fact]
    public async Task TRACK_17_After_half_an_hour_another_visit_begins_with_its_page()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/"));
        await EngineSite.CodeAsync(page);

        await page.EvaluateAsync(
            "() => { " + EngineSite.Later(TimeSpan.FromMinutes(31)) + " Kameleoon.API.Goals.processConversion(7); }");
        var events = await site.FinishAsync(page);

        events.Count(sent => sent.Type == "page").ShouldBe(2);
        events.Where(sent => sent.Type == "staticData").Select(sent => sent.Fields["visitNumber"])
            .ShouldBe(["1", "2"], ignoreOrder: true);
    }

    [Fact]
    [Spec("T-SYNC")]
    public async Task Three_visits_the_server_knows_and_this_one_are_four()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { RealTimeSync = Always });
        await VisitElsewhereAsync(site, "visitor", times: 3);
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        var asked = AskedOf(page);

        await page.GotoAsync(site.Add("/", EngineSite.Later(TimeSpan.FromHours(4))));
        var events = await site.FinishAsync(page);
        await page.ReloadAsync();
        await site.FinishAsync(page);

        (await page.EvaluateAsync<int>("Kameleoon.API.Visitor.numberOfVisits")).ShouldBe(4);
        events.First(sent => sent.Type == "staticData").Fields["visitNumber"].ShouldBe("4");
        asked.ShouldHaveSingleItem().ShouldContain("visitorCode=visitor&");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Spec("T-SYNC")]
    public async Task An_answer_that_fails_or_never_comes_is_not_waited_for(bool comes)
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { RealTimeSync = Always });
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        await page.RouteAsync("**/visit/visitor*", route => comes ? route.AbortAsync() : Task.CompletedTask);

        await page.GotoAsync(site.Add("/", EngineSite.Recorder));
        await page.WaitForFunctionAsync("() => seen.includes('Started')");

        (await page.EvaluateAsync<int>("Kameleoon.API.Visitor.numberOfVisits")).ShouldBe(1);
    }

    [Fact]
    [Spec("T-SYNC")]
    public async Task A_visitor_who_said_who_they_are_has_the_visits_of_their_other_devices()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            CustomData = [new EngineCustomDatum(3, "User", Scope: "VISITOR", IsMappingIdentifier: true)],
        });
        await using var laptop = await chromium.NewVisitorAsync(site, "laptop");
        var first = await laptop.NewPageAsync();
        const string Says = "var kameleoonQueue = [['Data.setCustomData', 'User', 'anna']];";
        await first.GotoAsync(site.Add("/", Says));
        await site.FinishAsync(first);
        site.Sandbox.Advance(TimeSpan.FromHours(1));
        var later = EngineSite.Later(TimeSpan.FromHours(1));
        await using var phone = await chromium.NewVisitorAsync(site, "phone");
        var page = await phone.NewPageAsync();
        var asked = AskedOf(page);

        await page.GotoAsync(site.Add("/later", later + Says));
        await site.FinishAsync(page);
        await page.GotoAsync(site.Add("/next", later));
        await site.FinishAsync(page);

        asked.ShouldHaveSingleItem().ShouldContain("mappingValue=anna&");
        asked[0].ShouldNotContain("visitorCode=");
        (await page.EvaluateAsync<int>("Kameleoon.API.Visitor.numberOfVisits")).ShouldBe(2);
    }

    [Fact]
    [Spec("T-CONS-1", "T-CONS-3")]
    public async Task Without_an_answer_nothing_is_sent_or_kept_and_every_page_has_another_code()
    {
        await using var site = await EngineSite.StartAsync(Asking);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var sent = new List<string>();
        page.Request += (_, request) => sent.Add(request.Method);
        site.Add("/", "var kameleoonQueue = [['Goals.processConversion', 7]];");

        await page.GotoAsync(site.At("/"));
        var first = await EngineSite.CodeAsync(page);
        await page.ReloadAsync();
        var second = await EngineSite.CodeAsync(page);

        second.ShouldNotBe(first, StringComparer.Ordinal);
        (await page.EvaluateAsync<string>("document.cookie + Object.keys(localStorage) + Object.keys(sessionStorage)")).ShouldBeEmpty();
        await page.GotoAsync("about:blank");
        sent.ShouldAllBe(method => method == "GET");
    }

    [Fact]
    [Spec("T-CONS-2")]
    public async Task With_consent_all_that_was_held_leaves_in_one_request_and_the_cookie_is_there()
    {
        await using var site = await EngineSite.StartAsync(Asking);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/", EngineSite.Decision(100, 2)
            + "kameleoonQueue.push(['Goals.processConversion', 7]);"));
        var code = await EngineSite.CodeAsync(page);

        await page.EvaluateAsync("Kameleoon.API.Core.enableLegalConsent()");
        await LiveEvents.WaitAsync(site.Address, code, sent => sent.Type == "conversion");

        site.Bodies.ShouldHaveSingleItem().Split('\n').Select(line => line.Split('&')[0])
            .ShouldBe(["eventType=page", "eventType=staticData", "eventType=experiment", "eventType=conversion"]);
        (await visitor.CookiesAsync()).ShouldHaveSingleItem().Value.ShouldBe(code);
    }

    [Fact]
    [Spec("T-CONS-4")]
    public async Task After_a_refusal_nothing_is_sent_on_this_page_or_the_next()
    {
        await using var site = await EngineSite.StartAsync(Asking);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var sent = new List<string>();
        page.Request += (_, request) => sent.Add(request.Method);
        site.Add("/", "var kameleoonQueue = [['Goals.processConversion', 7]];");

        await page.GotoAsync(site.At("/"));
        await EngineSite.CodeAsync(page);
        await page.EvaluateAsync("Kameleoon.API.Core.disableLegalConsent()");
        await page.ReloadAsync();
        await EngineSite.CodeAsync(page);

        (await page.EvaluateAsync<bool?>("Kameleoon.API.Visitor.experimentLegalConsent")).ShouldBe(false);
        (await page.EvaluateAsync<string[]>("Object.keys(localStorage)")).ShouldBe(["kameleoonLegalConsent"]);
        await page.GotoAsync("about:blank");
        sent.ShouldAllBe(method => method == "GET");
        (await visitor.CookiesAsync()).ShouldBeEmpty();
    }

    [Fact]
    [Spec("T-CONS-5")]
    public async Task Consent_given_to_the_JavaScript_SDK_is_consent()
    {
        await using var site = await EngineSite.StartAsync(Asking);
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", "localStorage.setItem('kameleoonConsentData', '{\"visitor\":true}');"));

        (await site.FinishAsync(page)).Count(sent => sent.Type == "page").ShouldBe(1);
    }

    private static List<string> AskedOf(IPage page)
    {
        var asked = new List<string>();
        page.Request += (_, request) =>
        {
            if (request.Url.Contains("/visit/visitor?", StringComparison.Ordinal))
            {
                asked.Add(request.Url + "&");
            }
        };
        return asked;
    }

    /// <summary>Visits an hour apart of which only the sandbox knows.</summary>
    private static async Task VisitElsewhereAsync(EngineSite site, string code, int times)
    {
        using var server = new HttpClient { BaseAddress = site.Address };
        for (var visit = 1; visit <= times; visit++)
        {
            using var answer = await server.PostAsync(
                new Uri($"/_kameleoon/visit/events?engine=true&siteCode=s&visitorCode={code}&tabId=0123abcd", UriKind.Relative),
                new StringContent($"eventType=page&nonce=5800F1BDD066774{visit}&href=https%3A%2F%2Fshop.test%2F&title=t"
                    + "&keyPagesIndices=%5B%5D&referrersIndices=%5B%5D"));
            answer.EnsureSuccessStatusCode();
            site.Sandbox.Advance(TimeSpan.FromHours(1));
        }
    }
}
