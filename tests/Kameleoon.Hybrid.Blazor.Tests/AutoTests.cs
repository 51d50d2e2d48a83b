using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Blazor.Tests;

/// <summary>A component with <c>InteractiveAuto</c>: on a circuit at the first visit, and in the browser at the next.</summary>
public sealed class AutoTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Each_page_s_exposure_has_one_owner_on_a_circuit_and_in_the_browser()
    {
        await using var site = await BlazorSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await VisitAsync(page, site, "Server");
        var code = (await visitor.CookiesAsync()).Single(cookie => cookie.Name == "kameleoonVisitorCode").Value;
        var first = await site.LiveEventsOf(code, goal: "55");
        await page.WaitForFunctionAsync("() => Object.keys(localStorage).some(key => key.startsWith('blazor-resource-hash'))");
        await VisitAsync(page, site, "WebAssembly");
        var all = await site.LiveEventsOf(code, goal: "56");

        BlazorSite.Exposures(first, "engine").ShouldBe(["7001/81001"]);
        BlazorSite.Exposures(all, "engine").ShouldBe(["7001/81001", "7001/81001"], "the engine reports once a page");
        (await site.ReadServerExposuresAsync(code)).ShouldBe(["7002/81002"], "the server reports once a session");
    }

    private static async Task VisitAsync(IPage page, BlazorSite site, string mode)
    {
        await page.GotoAsync(new Uri(site.Address, "/auto").ToString());
        await WaitForTextAsync(page, "#mode", mode);
        (await page.InnerTextAsync("#checkout")).ShouldBe("on");

        await page.ClickAsync("#decide");
        await WaitForTextAsync(page, "#style", "on");
        await page.ClickAsync("#convert");
    }

    private static async Task WaitForTextAsync(IPage page, string selector, string text) => await page.WaitForFunctionAsync(
        "([selector, text]) => document.querySelector(selector)?.textContent === text", new[] { selector, text });
}
