using Kameleoon.Hybrid.Sandbox;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>What a page says before the engine comes, and what keeps the engine from starting, in a browser.</summary>
public sealed class EngineStartTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Log = "var log = [];";

    [Fact]
    [Spec("T-LOAD-2")]
    public async Task An_immediate_entry_runs_before_the_visitor_is_known_and_a_plain_one_after()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        const string Entry = "() => log.push(Kameleoon?.Internals.runtime.visitorCode ?? 'nobody')";

        await page.GotoAsync(site.Add("/", Log + $"var Kameleoon, kameleoonQueue = [{Entry},"
            + " { level: 'IMMEDIATE', command: () => log.push('immediate') },"
            + " { level: 'IMMEDIATE', command: ['Visitor.setVisitorCode', 'imposed'] }];"));
        var events = await site.FinishAsync(page);

        (await page.EvaluateAsync<string[]>("log")).ShouldBe(["immediate", "imposed"]);
        events.Count(sent => sent.Type == "page").ShouldBe(1);
        (await LiveEvents.ReadAsync(site.Address)).Events.ShouldAllBe(sent => sent.VisitorCode == "imposed");
    }

    [Theory]
    [InlineData("PAGE", "Started")]
    [InlineData("VISIT", "Aborted TIMEOUT")]
    [Spec("T-TIMEOUT")]
    public async Task An_engine_later_than_the_tag_s_timer_gives_up_the_page_or_the_visit(string gives, string next)
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { OnTimeout = gives });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await ShouldAbortAsync(page, site.Add("/late", EngineSite.Recorder + "kameleoonTimeout = true;"), "TIMEOUT");
        await page.GotoAsync(site.Add("/next", EngineSite.Recorder));
        await page.WaitForFunctionAsync("() => seen.length === 2");

        (await page.EvaluateAsync<string[]>("seen")).ShouldBe(["Loaded", next]);
    }

    [Fact]
    [Spec("T-SCRIPT")]
    public async Task An_abort_script_that_returns_something_true_aborts()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { AbortScript = new("return document.title") });
        await using var visitor = await chromium.NewVisitorAsync();

        await ShouldAbortAsync(await visitor.NewPageAsync(), site.Add("/", EngineSite.Recorder), "SCRIPT");
    }

    [Fact]
    [Spec("T-SCRIPT")]
    public async Task An_abort_script_that_throws_aborts_nothing()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { AbortScript = new("throw new Error('no')") });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var errors = Complaints.UncaughtOf(page);

        await page.GotoAsync(site.Add("/"));

        (await site.FinishAsync(page)).Count(sent => sent.Type == "page").ShouldBe(1);
        errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?kameleoonDisabled")]
    [InlineData("?a=b&KAMELEOONDISABLED=true")]
    [InlineData("#kameleoondisabled")]
    [Spec("T-PARAMETER")]
    public async Task The_address_switches_the_engine_off(string part)
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();

        await ShouldAbortAsync(await visitor.NewPageAsync(), site.Add("/", EngineSite.Recorder) + part, "PARAMETER");
    }

    [Fact]
    [Spec("T-PARAMETER")]
    public async Task An_address_that_says_false_switches_nothing_off()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/") + "?kameleoonDisabled=false");

        (await site.FinishAsync(page)).Count(sent => sent.Type == "page").ShouldBe(1);
    }

    [Fact]
    [Spec("T-DISABLED")]
    public async Task A_project_that_is_switched_off_aborts_every_page()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { Disabled = true });
        await using var visitor = await chromium.NewVisitorAsync();

        await ShouldAbortAsync(await visitor.NewPageAsync(), site.Add("/", EngineSite.Recorder), "DISABLED");
    }

    [Fact]
    [Spec("T-QUEUE-1", "T-QUEUE-2")]
    public async Task Entries_run_in_push_order_and_one_that_throws_stops_none()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var errors = Complaints.UncaughtOf(page);

        await page.GotoAsync(site.Add("/", Log + "addEventListener('Kameleoon::Started', () => log.push('Started'));"
            + "var kameleoonQueue = [() => log.push('1'), () => log.push('2'), () => { throw new Error('3'); },"
            + " ['Core.runWhenConditionTrue', () => true, () => log.push('4')], () => log.push('5')];"));
        await page.WaitForFunctionAsync("() => log.includes('Started')");

        (await page.EvaluateAsync<string[]>("log")).ShouldBe(["1", "2", "4", "5", "Started"]);
        errors.ShouldBeEmpty();
    }

    [Fact]
    [Spec("T-QUEUE-3")]
    public async Task Once_the_engine_has_started_a_push_has_run_when_it_returns()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/"));
        await EngineSite.CodeAsync(page);

        (await page.EvaluateAsync<string>(
            "() => { const log = []; const length = kameleoonQueue.push(() => log.push('in'), () => log.push('order'));"
            + " log.push('returned'); return [...log, length, kameleoonQueue.length].join(); }"))
            .ShouldBe("in,order,returned,0,0");
    }

    [Fact]
    [Spec("T-QUEUE-5")]
    public async Task Full_and_short_names_reach_the_same_method()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add(
            "/", "var kameleoonQueue = [['Goals.processConversion', 1], ['Kameleoon.API.Goals.processConversion', 2]];"));
        var events = await site.FinishAsync(page);

        events.Where(sent => sent.Type == "conversion").Select(sent => sent.Fields["goalId"]).ShouldBe(["1", "2"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("Goals.unknown")]
    [InlineData("constructor.constructor")]
    [InlineData("Core.load.constructor")]
    [Spec("T-QUEUE-6")]
    public async Task A_method_that_does_not_exist_is_told_on_the_console_and_not_called(string name)
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);

        await page.GotoAsync(site.Add("/", $"var kameleoonQueue = [['{name}', 'window.called = true']];"));
        await EngineSite.CodeAsync(page);

        complaints.ShouldHaveSingleItem().ShouldContain("unknown method");
        (await page.EvaluateAsync<bool>("() => window.called === undefined")).ShouldBeTrue();
    }

    [Fact]
    [Spec("T-QUEUE-7")]
    public async Task On_an_aborted_page_immediate_entries_run_and_the_others_wait()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration { Disabled = true });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", EngineSite.Recorder
            + "var kameleoonQueue = [() => seen.push('plain'), { level: 'IMMEDIATE', command: () => seen.push('immediate') }];"));
        await page.WaitForFunctionAsync("() => seen.length === 3");
        await page.EvaluateAsync("() => { kameleoonQueue.push(() => seen.push('late')); }");

        (await page.EvaluateAsync<string[]>("seen")).ShouldBe(["immediate", "Loaded", "Aborted DISABLED"]);
        (await page.EvaluateAsync<int>("kameleoonQueue.length")).ShouldBe(2);
    }

    /// <summary>A page that aborts says so, and neither asks, nor stores, nor sends anything until it is left.</summary>
    private static async Task ShouldAbortAsync(IPage page, string address, string reason)
    {
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(new Uri(request.Url).AbsolutePath);
        await page.GotoAsync(address);
        await page.WaitForFunctionAsync("() => seen.length === 2");

        (await page.EvaluateAsync<string[]>("seen")).ShouldBe(["Loaded", "Aborted " + reason]);
        (await page.EvaluateAsync<string>("document.cookie + Object.keys(localStorage)")).ShouldBeEmpty();
        await page.GotoAsync("about:blank");
        asked.ShouldBe([new Uri(address).AbsolutePath, "/_kameleoon/engine.js"]);
    }
}
