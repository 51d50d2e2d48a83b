using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>Our tags in a real browser, under a policy that runs nothing without the nonce.</summary>
public sealed class TagTests(TagPages pages, Chromium chromium) : IClassFixture<TagPages>, IClassFixture<Chromium>
{
    private const string Inspector = "#kameleoonInspector";

    [Theory]
    [InlineData("Sync", false)]
    [InlineData("Async", false)]
    [InlineData("Async", true)]
    [InlineData("AsyncAntiFlicker", false)]
    [Spec("W1")]
    public async Task In_every_mode_the_engine_reports_the_exposure_once_under_the_server_s_code(string mode, bool trackingLast)
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);

        await page.GotoAsync(At($"/page?mode={mode}&trackingLast={trackingLast}"));

        var code = await CodeAsync(visitor);
        var events = await LiveEvents.WaitAsync(pages.Address, code, IsExposure);
        events.Where(IsExposure).ShouldHaveSingleItem().Sender.ShouldBe("engine");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    [Spec("W1")]
    public async Task A_user_who_signs_in_is_reported_under_the_linked_code_from_that_page_on()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(At("/empty"));
        var anonymous = await CodeAsync(visitor);

        await page.GotoAsync(At("/page?mode=Async&user=linkedanna"));

        (await LiveEvents.WaitAsync(pages.Address, "linkedanna", IsExposure)).Where(IsExposure)
            .ShouldHaveSingleItem().Sender.ShouldBe("engine");
        (await CodeAsync(visitor)).ShouldBe("linkedanna");
        anonymous.ShouldNotBe("linkedanna", StringComparer.Ordinal);
    }

    [Fact]
    [Spec("W1")]
    public async Task A_frame_whose_cookie_cannot_be_set_takes_the_code_that_its_address_brings()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(At("/host"));

        (await CodeAsync(visitor)).ShouldBe("framed");
        (await LiveEvents.WaitAsync(pages.Address, "framed", IsExposure)).Where(IsExposure)
            .ShouldHaveSingleItem().Sender.ShouldBe("engine");
    }

    [Fact]
    public async Task The_inspector_tells_and_switches_by_keyboard_alone_under_the_strictest_policy()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        await page.GotoAsync(At("/inspected"));
        (await page.InnerTextAsync("h1")).ShouldBe("on");

        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        (await page.InnerTextAsync(Inspector + " header")).ShouldContain(await CodeAsync(visitor));
        (await page.InnerTextAsync(Inspector + " .row")).ShouldContain("checkout");
        (await page.TextContentAsync(Inspector + " .reason")).ShouldNotBeNull().ShouldContain("Reported by the engine. Experiment 7001, variation 81001.");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForFunctionAsync("() => document.querySelector('h1').textContent === 'off'");
        (await page.InnerTextAsync(Inspector + " .active")).ShouldContain("Simulated in this browser, not counted");
        await Assertions.Expect(page.Locator(Inspector + " .chip:focus")).ToHaveTextAsync("off");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => document.querySelector('h1').textContent === 'on'");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    [Spec("W5")]
    public async Task A_page_restored_by_the_browser_is_a_view_without_another_exposure()
    {
        await using var visitor = await chromium.NewVisitorWithPageCacheAsync();
        var page = await visitor.NewPageAsync();
        await page.AddInitScriptAsync("addEventListener('pageshow', event => { window.isRestored = event.persisted; })");
        await page.GotoAsync(At("/page?mode=Async"));
        var code = await CodeAsync(visitor);
        await LiveEvents.WaitAsync(pages.Address, code, IsExposure);
        await page.GotoAsync(At("/empty"));

        await page.GoBackAsync(new PageGoBackOptions { WaitUntil = WaitUntilState.Commit }); // It is not loaded again.
        await page.WaitForFunctionAsync("() => window.isRestored === true");
        await page.EvaluateAsync("() => { Kameleoon.API.Goals.processConversion(1); }");

        var events = await LiveEvents.WaitAsync(pages.Address, code, sent => sent.Type == "conversion");
        events.Where(IsExposure).ShouldHaveSingleItem().Sender.ShouldBe("engine");
        events.Count(sent => sent.Type == "page").ShouldBe(2);
    }

    [Fact]
    [Spec("W6")]
    public async Task Two_hosts_of_one_domain_have_one_visitor_on_the_server_and_in_the_browser()
    {
        await using var hosts = await TagPages.StartAsync(cookieDomain: "shop.localhost");
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var seen = new List<string>();

        foreach (var host in new[] { "shop.localhost", "www.shop.localhost" })
        {
            await page.GotoAsync($"http://{host}:{hosts.Address.Port}/page?mode=Async");
            await page.WaitForFunctionAsync("() => window.Kameleoon?.API.Visitor.code");
            seen.Add(await page.EvaluateAsync<string>("Kameleoon.API.Visitor.code"));
        }

        var codes = (await visitor.CookiesAsync()).Where(one => one.Name == "kameleoonVisitorCode");
        var cookie = codes.ShouldHaveSingleItem();
        cookie.Domain.ShouldBe(".shop.localhost");
        seen.ShouldBe([cookie.Value, cookie.Value]);
        await page.EvaluateAsync("() => { Kameleoon.API.Goals.processConversion(1); }");
        var events = await LiveEvents.WaitAsync(hosts.Address, cookie.Value, sent => sent.Type == "conversion");
        events.Count(sent => sent.Type == "page").ShouldBe(2);
        events.Where(IsExposure).ShouldAllBe(sent => sent.Sender == "engine");
    }

    [Fact]
    [Spec("W7")]
    public async Task Html_that_a_script_inserts_runs_nothing_and_the_server_reports_it()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(At("/empty"));
        var code = await CodeAsync(visitor);

        await page.EvaluateAsync(
            "async () => { document.querySelector('main').innerHTML = await (await fetch('/page?mode=None')).text(); }");

        (await LiveEvents.WaitAsync(pages.Address, code, IsExposure)).Where(IsExposure)
            .ShouldHaveSingleItem().Sender.ShouldBe("server");
        (await page.EvaluateAsync<bool>("() => 'kameleoonQueue' in window")).ShouldBeFalse();
    }

    [Fact]
    [Spec("P3")]
    public async Task A_guarded_page_pushes_its_entries_when_it_is_shown_and_once()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.AddInitScriptAsync("Object.defineProperty(document, 'prerendering', { value: true, configurable: true })");

        await page.GotoAsync(At("/page?mode=None&guard=true"));
        var before = await page.EvaluateAsync<int>("() => (window.kameleoonQueue || []).length");
        var after = await page.EvaluateAsync<int>(
            """
            () => {
              document.dispatchEvent(new Event('prerenderingchange'));
              document.dispatchEvent(new Event('prerenderingchange'));
              return window.kameleoonQueue.length;
            }
            """);

        (before, after).ShouldBe((0, 3)); // Two commands of the exposure, and the function that knows they ran.
    }

    [Fact]
    public async Task The_frame_of_unified_storage_is_asked_and_nobody_else_is_heard()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(At("/unify"));
        await page.WaitForFunctionAsync("() => window.kameleoonExternalIFrameLoaded === true");

        (await page.EvaluateAsync<string>("() => window.kameleoonExternalIFrameLoadedData.asked")).ShouldBe("read");
        (await page.EvaluateAsync<string>("() => window.kameleoonIframeOrigin"))
            .ShouldBe($"http://localhost:{pages.Address.Port}");
    }

    private static bool IsExposure(LiveEvent sent) => sent.Type == "experiment" && sent.Fields.GetValueOrDefault("id") == "7001";

    private static async Task<string> CodeAsync(IBrowserContext visitor) =>
        (await visitor.CookiesAsync()).Single(cookie => cookie.Name == "kameleoonVisitorCode").Value;

    private string At(string path) => new Uri(pages.Address, path).ToString();
}
