using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Blazor.Tests;

/// <summary>Pages that become interactive over a circuit, in a real browser.</summary>
public sealed class CircuitTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task The_engine_reports_the_prerendered_exposure_and_the_circuit_what_it_decides_first()
    {
        await using var site = await BlazorSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await OpenAsync(visitor, site, "/circuit");

        await page.ClickAsync("#decide");
        await WaitForTextAsync(page, "#style", "on");
        await page.ClickAsync("#convert");

        var code = await CodeAsync(visitor);
        await LiveEvents.WaitAsync(site.Address, code, sent => sent is { Type: "experiment", Sender: "engine" });
        var events = await site.LiveEventsOf(code, "55");
        BlazorSite.Exposures(events, "server").ShouldBe(["7002/81002"]);
        BlazorSite.Exposures(events, "engine").ShouldBe(["7001/81001"]);
    }

    [Fact]
    public async Task An_open_circuit_follows_the_configuration()
    {
        await using var site = await BlazorSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await OpenAsync(visitor, site, "/circuit");
        (await page.InnerTextAsync("#checkout")).ShouldBe("on");

        await site.ReplaceAsync(BlazorSite.DataFile(hasCheckout: false));
        await page.ClickAsync("#decide");

        await WaitForTextAsync(page, "#clicks", "1");
        (await page.InnerTextAsync("#checkout")).ShouldBe("off");
    }

    [Fact]
    public async Task A_circuit_that_uses_ForVisitor_decides_and_reports_for_the_page_s_visitor()
    {
        await using var site = await BlazorSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await OpenAsync(visitor, site, "/island");

        await page.ClickAsync("#decide");
        await WaitForTextAsync(page, "#checkout", "on");
        await page.ClickAsync("#convert");

        var events = await site.LiveEventsOf(await CodeAsync(visitor), "55");
        BlazorSite.Exposures(events, "server").ShouldBe(["7001/81001"]);
        BlazorSite.Exposures(events, "engine").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_server_reports_a_page_of_enhanced_navigation_once()
    {
        await using var site = await BlazorSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Address.ToString());
        await page.EvaluateAsync("() => { window.isFirstDocument = true; }");

        await page.ClickAsync("#to-nested");
        await WaitForTextAsync(page, "#banner-checkout", "on");

        (await page.EvaluateAsync<bool>("() => window.isFirstDocument === true")).ShouldBeTrue();
        var code = await CodeAsync(visitor);
        (await site.ReadServerExposuresAsync(code)).ShouldBe(["7001/81001"]);
        BlazorSite.Exposures(await site.LiveEventsOf(code, "99"), "engine").ShouldBeEmpty();
    }

    private static async Task<IPage> OpenAsync(IBrowserContext visitor, BlazorSite site, string path)
    {
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(new Uri(site.Address, path).ToString());
        await WaitForTextAsync(page, "#mode", "interactive");
        return page;
    }

    private static async Task WaitForTextAsync(IPage page, string selector, string text) => await page.WaitForFunctionAsync(
        "([selector, text]) => document.querySelector(selector)?.textContent === text", new[] { selector, text });

    private static async Task<string> CodeAsync(IBrowserContext visitor) =>
        (await visitor.CookiesAsync()).Single(cookie => cookie.Name == "kameleoonVisitorCode").Value;
}
