using System.Text.Json;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The steps of the engine that only a browser shows.</summary>
public sealed class EngineFlowTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    [Spec("T-STORAGE")]
    public async Task A_document_without_an_origin_aborts_and_breaks_nothing()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var errors = Complaints.UncaughtOf(page);

        site.Add("/", EngineSite.Recorder);
        await page.GotoAsync(site.At("/?opaque=1"));
        await page.WaitForFunctionAsync("() => seen.length === 2");

        (await page.EvaluateAsync<string[]>("seen")).ShouldBe(["Loaded", "Aborted STORAGE"]);
        (await page.EvaluateAsync<object?>("Kameleoon.API.Experiments.getById(1)")).ShouldBeNull();
        errors.ShouldBeEmpty();
        site.Bodies.ShouldBeEmpty();
    }

    [Fact]
    [Spec("T-LOAD-1")]
    public async Task Two_tags_are_one_engine_and_one_view()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", EngineSite.Recorder, engine: EngineSite.Engine + EngineSite.Engine));
        var events = await site.FinishAsync(page);

        events.Count(sent => sent.Type == "page").ShouldBe(1);
        (await page.EvaluateAsync<string[]>("seen")).ShouldBe(["Loaded", "Started"]);
    }

    [Fact]
    public async Task The_flow_is_told_in_order_around_what_the_queue_does()
    {
        await using var site = await EngineSite.StartAsync(Web(new EngineVariation(6, "on") { Share = 1 }));
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", EngineSite.Recorder + "var kameleoonQueue = [() => seen.push('queue')];"));
        await page.WaitForFunctionAsync("() => seen.length === 5");

        (await page.EvaluateAsync<string[]>("seen"))
            .ShouldBe(["Loaded", "queue", "Started", "ExperimentTriggered", "ExperimentActivated"]);
    }

    [Fact]
    [Spec("T-LOAD-6")]
    public async Task Files_of_their_own_come_in_order_before_anything_is_tracked()
    {
        await using var site = await EngineSite.StartAsync(Web(new EngineVariation(6, "on") { Share = 1 }) with
        {
            Deferral = new EngineDeferral(Configuration: true, Campaigns: true),
        });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(new Uri(request.Url).AbsolutePath.Replace("/_kameleoon/", "", StringComparison.Ordinal));

        // The browser may tell of a request after the sandbox has it.
        await page.RunAndWaitForRequestAsync(
            () => page.GotoAsync(site.Add("/")),
            request => request.Url.Contains("visit/events", StringComparison.Ordinal));
        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBe(["5/6"]);

        asked.Where(path => path != "/").Take(4)
            .ShouldBe(["engine.js", "engine-configuration.js", "engine-campaigns.js", "visit/events"]);
        complaints.ShouldBeEmpty();
    }

    [Fact]
    [Spec("T-LOAD-6")]
    public async Task Without_the_deferred_file_the_page_is_tracked()
    {
        await using var site = await EngineSite.StartAsync(new() { Deferral = new EngineDeferral(false, Campaigns: true) });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.RouteAsync("**/engine-campaigns.js", route => route.FulfillAsync(new RouteFulfillOptions { Status = 404 }));

        await page.GotoAsync(site.Add("/"));

        (await site.FinishAsync(page)).Count(sent => sent.Type == "page").ShouldBe(1);
    }

    [Fact]
    [Spec("T-DELAY")]
    public async Task The_code_of_a_delayed_variation_comes_after_the_page_and_once()
    {
        await using var site = await EngineSite.StartAsync(Web(
            new EngineVariation(6, "on") { Share = 1, Js = new("document.title = 'delayed'") }, "DELAYED"));
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);

        await page.GotoAsync(site.Add("/"));
        await page.WaitForFunctionAsync("() => document.title === 'delayed'");

        var engine = await page.EvaluateAsync<string>("fetch('/_kameleoon/engine.js').then(answer => answer.text())");
        engine.ShouldNotContain("document.title = 'delayed'");
        (await page.EvaluateAsync<bool>(
            """
            () => {
              const files = performance.getEntriesByType('resource').filter(one => one.name.endsWith('/experiments/5/variations/6.js'));
              return files.length === 1 && files[0].startTime >= performance.getEntriesByType('navigation')[0].loadEventEnd;
            }
            """)).ShouldBeTrue();
        complaints.ShouldBeEmpty();
    }

    [Fact]
    [Spec("T-LIVE")]
    public async Task Campaigns_that_change_often_come_from_a_file_of_their_own_which_the_tab_keeps()
    {
        await using var site = await EngineSite.StartAsync(
            Web(new EngineVariation(6, "on") { Share = 1, Js = new("document.title = 'live'") }, "LIVE-UPDATE") with { LiveUpdate = true });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var asked = 0;
        page.Request += (_, request) => asked += request.Url.EndsWith("/config.js", StringComparison.Ordinal) ? 1 : 0;

        await page.GotoAsync(site.Add("/"));
        await page.WaitForFunctionAsync("() => document.title === 'live'");
        await page.ReloadAsync();
        await page.WaitForFunctionAsync("() => document.title === 'live'");

        asked.ShouldBe(1);
    }

    [Fact]
    [Spec("T-UNIFY")]
    public async Task Hosts_of_one_site_share_a_visitor_and_another_site_does_not()
    {
        await using var site = await EngineSite.StartAsync();
        site.Project.Configuration = new EngineConfiguration
        {
            Unify = new EngineUnify(Enabled: true, site.At("/_kameleoon/engine-frame.html", "shop.localhost")),
        };
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        site.Add("/", EngineSite.Recorder);

        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var host in new[] { "shop.localhost", "www.shop.localhost", "app.shop.localhost", "other.localhost" })
        {
            await visitor.ClearCookiesAsync();
            await page.GotoAsync(site.At("/", host));
            await page.WaitForFunctionAsync("() => seen.includes('Started')");
            codes[host] = await page.EvaluateAsync<string>("Kameleoon.API.Visitor.code");
        }

        codes["www.shop.localhost"].ShouldBe(codes["shop.localhost"]);
        codes["app.shop.localhost"].ShouldBe(codes["shop.localhost"]);
        codes["other.localhost"].ShouldNotBe(codes["shop.localhost"], StringComparer.Ordinal);
    }

    [Fact]
    [Spec("T-UNIFY")]
    public async Task A_frame_that_does_not_answer_and_a_stranger_who_does_change_nothing()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Unify = new EngineUnify(Enabled: true, "http://unanswered.localhost:1/engine-frame.html"),
        });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        const string Forged = "setInterval(() => postMessage(JSON.stringify({ kameleoonMessage: true, data: {"
            + " kameleoonVisitorCode: JSON.stringify({ value: 'forged', expirationDate: 9e15 }) } }), '*'), 10);"
            + "addEventListener('Kameleoon::Internals', event => seen.push(event.detail.type));";

        await page.GotoAsync(site.Add("/", EngineSite.Recorder + Forged));
        var events = await site.FinishAsync(page);

        (await page.EvaluateAsync<string[]>("seen")).ShouldContain(told => told == "unify/timeout");
        events.ShouldNotContain(sent => sent.VisitorCode == "forged");
        events.Count(sent => sent.Type == "page").ShouldBe(1);
    }

    [Fact]
    [Spec("T-ITP")]
    public async Task A_code_the_browser_made_up_becomes_the_server_s_and_stays_the_same()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { SyncUrl = "/sync" });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.RunAndWaitForResponseAsync(() => page.GotoAsync(site.Add("/")), "**/sync*");

        var cookie = (await visitor.CookiesAsync()).ShouldHaveSingleItem();
        cookie.Value.ShouldBe(await EngineSite.CodeAsync(page));
        DateTimeOffset.FromUnixTimeSeconds((long)cookie.Expires).ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddDays(379));
    }

    [Fact]
    [Spec("T-ITP")]
    public async Task Another_code_in_the_answer_is_not_taken_and_said()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { SyncUrl = "/sync?instead=other" });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.RunAndWaitForConsoleMessageAsync(
            () => page.GotoAsync(site.Add("/")),
            new PageRunAndWaitForConsoleMessageOptions
            {
                Predicate = message => message.Text.Contains("another visitor code", StringComparison.Ordinal),
            });

        (await EngineSite.CodeAsync(page)).ShouldNotBe("other", StringComparer.Ordinal);
    }

    [Fact]
    [Spec("T-SPA")]
    public async Task Another_address_is_another_view_and_the_same_one_is_none()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { Spa = new EngineSinglePage(Enabled: true) });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/", EngineSite.Recorder));
        await page.WaitForFunctionAsync("() => seen.length === 2");

        await page.EvaluateAsync("() => { history.pushState({}, '', location.href); history.pushState({}, '', '/next'); }");
        await page.WaitForFunctionAsync("() => seen.length === 4");
        var events = await site.FinishAsync(page);

        events.Where(sent => sent.Type == "page").Select(sent => new Uri(sent.Fields["href"]).AbsolutePath).Order(StringComparer.Ordinal)
            .ShouldBe(["/", "/next"]);
        events.Single(sent => sent.Type == "page" && sent.Fields["href"].EndsWith("/next", StringComparison.Ordinal))
            .Fields["referrerHref"].ShouldBe(site.At("/"));
    }

    [Fact]
    [Spec("T-ADB")]
    public async Task A_style_that_hides_advertisements_is_reported()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { Needs = new EngineNeeds(AdBlocker: true) });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", head: "<style nonce=\"n1\">.ad-placement { display: none }</style>"));
        var code = await EngineSite.CodeAsync(page);

        (await LiveEvents.WaitAsync(site.Address, code, sent => sent.Type == "adBlocker")).ShouldNotBeEmpty();
        (await page.Locator(".ad-placement").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task TRACK_13_An_element_that_comes_later_is_found_once_by_its_class_or_id()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/", "var found = [];"
            + "var kameleoonQueue = [['Core.runWhenElementPresent', '.late', elements => found.push(elements.length)],"
            + " ['Core.runWhenElementPresent', '#text.marked', () => found.push('marked')],"
            + " ['Core.runWhenElementPresent', 'p', () => found.push('now')],"
            + " ['Core.runWhenElementPresent', '###', () => found.push('never')]];"));
        await page.WaitForFunctionAsync("() => found.includes('now')");

        await page.EvaluateAsync(
            """
            () => {
              document.body.insertAdjacentHTML('beforeend', '<div><b class="late"></b></div>');
              document.getElementById('text').className = 'marked';
            }
            """);
        await page.WaitForFunctionAsync("() => found.length === 3");
        await page.EvaluateAsync("() => { document.body.insertAdjacentHTML('beforeend', '<b class=late></b>'); }");
        await site.FinishAsync(page);

        (await page.EvaluateAsync<JsonElement>("found")).ToString().ShouldBe("""["now",1,"marked"]""");
    }

    [Fact]
    [Spec("T-GOAL-CLICK")]
    public async Task A_click_inside_the_element_converts()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Goals = [new EngineGoal(7, "Basket", "CLICK", ".buy"), new EngineGoal(EngineSite.Marker, "Marker")],
        });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/", body: "<button class=\"buy\"><b>Buy</b></button>", before: EngineSite.Recorder));
        await page.WaitForFunctionAsync("() => seen.includes('Started')");

        await page.ClickAsync("b");
        await page.ClickAsync("#text");

        (await site.FinishAsync(page)).Count(sent => sent.Fields.GetValueOrDefault("goalId") == "7").ShouldBe(1);
    }

    [Fact]
    public async Task TRACK_14_The_place_is_asked_for_once_per_visit()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { Needs = new EngineNeeds(Ip: true, Geolocation: true) });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(new Uri(request.Url).AbsolutePath);

        await page.GotoAsync(site.Add("/"));
        var place = (await LiveEvents.WaitAsync(site.Address, await EngineSite.CodeAsync(page), sent => sent.Type == "geolocation"))
            .Single(sent => sent.Type == "geolocation");
        await page.ReloadAsync();
        await site.FinishAsync(page);

        (place.Fields["country"], place.Fields["city"]).ShouldBe(("France", "Paris"));
        asked.Count(path => path is "/_kameleoon/ip" or "/_kameleoon/geolocation").ShouldBe(2);
    }

    private static EngineConfiguration Web(EngineVariation variation, params string[] tags) => new()
    {
        Experiments = [new EngineExperiment(5, "web") { Kind = "web", Tags = tags, Variations = [variation] }],
    };
}
