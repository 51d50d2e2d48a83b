using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>One visitor on two registrable domains: the server makes the links, and both sides of the other domain take the
/// code over.</summary>
public sealed class CrossDomainTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData("#link", "?keep=1#part")]
    [InlineData("#send", "?keep=1#part")]
    [InlineData("#go", "?keep=1")]
    [InlineData("#get", "?keep=1")]
    [InlineData("#there", "?keep=1#part")]
    public async Task Links_forms_and_redirects_of_the_server_bring_the_visitor_to_server_and_engine_of_the_other_domain(
        string selector, string rest)
    {
        await using var site = await TwoDomains.StartAsync(TwoDomains.Shop, TwoDomains.Pay);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var code = await site.OpenAsync(page);

        await FollowAsync(page, selector, TwoDomains.Pay, rest);

        (await TwoDomains.AgreedCodeAsync(page)).ShouldBe(code);
    }

    [Fact]
    public async Task The_visitor_that_another_domain_brings_replaces_the_one_that_the_domain_knew()
    {
        await using var site = await TwoDomains.StartAsync(TwoDomains.Shop, TwoDomains.Pay);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var old = await site.OpenAsync(page, TwoDomains.Pay);
        var code = await site.OpenAsync(page);
        old.ShouldNotBe(code, StringComparer.Ordinal);

        await FollowAsync(page, "#link", TwoDomains.Pay, "?keep=1#part");

        (await TwoDomains.AgreedCodeAsync(page)).ShouldBe(code);
        await page.GotoAsync(site.At("/page", TwoDomains.Pay));
        (await TwoDomains.AgreedCodeAsync(page)).ShouldBe(code);
    }

    [Fact]
    public async Task A_code_that_a_stranger_brings_is_cleaned_and_taken_by_neither_side()
    {
        await using var site = await TwoDomains.StartAsync(TwoDomains.Shop, TwoDomains.Pay);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.At("/stranger", TwoDomains.Stranger));

        await FollowAsync(page, "#forged", TwoDomains.Pay, "?keep=1#part");

        (await TwoDomains.AgreedCodeAsync(page)).ShouldNotBe("forged", StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_server_that_names_no_domains_adds_no_code_and_takes_none()
    {
        await using var site = await TwoDomains.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.At("/", TwoDomains.Shop));
        (await page.GetAttributeAsync("#link", "href")).ShouldBe(site.At("/page?keep=1#part", TwoDomains.Pay));

        await page.ClickAsync("#forged");
        await page.WaitForFunctionAsync("location.pathname === '/page' && document.readyState === 'complete'");

        (await page.TextContentAsync("#server")).ShouldNotBe("forged", StringComparer.Ordinal);
    }

    private static async Task FollowAsync(IPage page, string selector, string host, string rest)
    {
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        await page.ClickAsync(selector);
        await page.WaitForFunctionAsync(
            "([host, rest]) => location.hostname === host && location.pathname === '/page'"
            + " && location.search + location.hash === rest",
            new[] { host, rest });
        asked.ShouldContain(url => url.Contains("/page?keep=1&kameleoonVisitorCode=", StringComparison.Ordinal));
    }
}
