using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The visitor code on a shop to which another site posts forms, or which another site has in a frame.</summary>
public sealed class CrossSiteCookieTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData("/bought", "**/bought")]
    [InlineData("/redirect", "**/page")]
    public async Task A_form_of_another_site_keeps_the_visitor_and_reports_no_other_code(string path, string arrival)
    {
        await using var sites = await TwoSites.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(sites.Shop("/page"));
        var code = await page.InnerTextAsync("body");

        await page.GotoAsync(sites.Bank("/pay?to=" + path));
        await page.ClickAsync("button");
        await page.WaitForURLAsync(arrival, new PageWaitForURLOptions { WaitUntil = WaitUntilState.Commit });
        await page.GotoAsync(sites.Shop("/page"));

        (await page.InnerTextAsync("body")).ShouldBe(code);
        (await sites.EventsAsync()).ShouldAllBe(sent => sent.VisitorCode == code);
    }

    [Fact]
    public async Task With_a_cookie_that_crosses_sites_the_form_belongs_to_the_visitor()
    {
        await using var sites = await TwoSites.StartAsync(CrossSites);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(sites.Shop("/page"));
        var code = await page.InnerTextAsync("body");

        await page.GotoAsync(sites.Bank("/pay?to=/bought"));
        await page.ClickAsync("button");
        await page.WaitForFunctionAsync("location.pathname === '/bought' && document.readyState === 'complete'");

        (await page.InnerTextAsync("body")).ShouldBe(code);
        (await sites.EventsAsync()).Where(sent => sent.Type == "conversion").ShouldHaveSingleItem().VisitorCode.ShouldBe(code);
    }

    [Fact]
    public async Task A_frame_keeps_one_code_where_partitioned_cookies_allow_it()
    {
        await using var sites = await TwoSites.StartAsync(CrossSites);
        await using var visitor = await chromium.NewVisitorAsync();

        var (first, second) = await FramedTwiceAsync(sites, visitor);

        second.ShouldBe(first);
        (await sites.EventsAsync()).Where(sent => sent.Type == "experiment").ShouldHaveSingleItem().VisitorCode.ShouldBe(first);
    }

    [Fact]
    public async Task A_frame_without_cookies_reports_nothing()
    {
        await using var sites = await TwoSites.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();

        var (first, second) = await FramedTwiceAsync(sites, visitor);

        second.ShouldNotBe(first, StringComparer.Ordinal);
        (await sites.EventsAsync()).ShouldBeEmpty();
        (await visitor.CookiesAsync()).ShouldBeEmpty();
    }

    private static void CrossSites(KameleoonOptions options)
    {
        options.Cookie.SameSite = SameSiteMode.None;
        options.Cookie.Secure = true;
        options.Cookie.Partitioned = true;
    }

    private static async Task<(string First, string Second)> FramedTwiceAsync(TwoSites sites, IBrowserContext visitor)
    {
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(sites.Bank("/framing"));
        var first = await page.FrameLocator("iframe").Locator("body").InnerTextAsync();
        await page.ReloadAsync();
        var second = await page.FrameLocator("iframe").Locator("body").InnerTextAsync();
        return (first, second);
    }
}
