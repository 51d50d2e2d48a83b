using Kameleoon.Hybrid.Sandbox;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>One visitor on two sites that share no cookie.</summary>
public sealed class EngineCrossDomainTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string First = "www.first.localhost";
    private const string Second = "pay.second.localhost";
    private const string Stranger = "stranger.localhost";

    private const string Links = """
        <a id="link" href="{0}?keep=a%20b#part">link</a>
        <form id="get" action="{0}"><input name="field" value="1"><button id="send-get">get</button></form>
        <form id="post" method="post" action="{0}?keep=1"><button id="send-post">post</button>
          <button id="send-here" formaction="{0}?keep=2">post there</button></form>
        <form id="here" action="/"><input name="field" value="1"><button id="get-there" formaction="{0}">get there</button></form>
        """;

    [Theory]
    [InlineData("#link", "?keep=a%20b", "#part")]
    [InlineData("#send-get", "?field=1", "")]
    [InlineData("#send-post", "?keep=1", "")]
    [InlineData("#send-here", "?keep=2", "")]
    [InlineData("#get-there", "?field=1", "")]
    public async Task Links_and_forms_carry_the_visitor_to_the_other_domain_whose_address_is_cleaned(
        string selector, string search, string hash)
    {
        await using var site = await StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        await page.GotoAsync(site.At("/", First));
        var code = await EngineSite.CodeAsync(page);

        await page.ClickAsync(selector);
        await CleanedAsync(page, search + hash);

        (await EngineSite.CodeAsync(page)).ShouldBe(code);
        asked.ShouldContain(url => url.Contains($"kameleoonVisitorCode={code}", StringComparison.Ordinal));
        (await page.EvaluateAsync<string>("location.hostname + location.search + location.hash"))
            .ShouldBe(Second + search + hash);
        (await site.FinishAsync(page)).Where(sent => sent.Type == "page")
            .ShouldAllBe(sent => !sent.Fields["href"].Contains(code, StringComparison.Ordinal));
        (await StoredAsync(page)).ShouldBe(code);
    }

    [Fact]
    public async Task A_page_whose_engine_is_disabled_removes_the_code_from_its_address_too()
    {
        await using var site = await StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.At("/", First));
        await EngineSite.CodeAsync(page);
        site.Project.Configuration = site.Project.Configuration with { Disabled = true };

        await page.ClickAsync("#link");
        await CleanedAsync(page, "?keep=a%20b#part");

        (await page.EvaluateAsync<string>("Kameleoon.Internals.runtime.abortReason")).ShouldBe("DISABLED");
        (await page.EvaluateAsync<string>("document.cookie")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_code_that_another_site_or_nobody_brings_is_cleaned_and_not_taken()
    {
        await using var site = await StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var forged = site.At("/target", Second) + "?kameleoonVisitorCode=forged";

        site.Add("/stranger", engine: "", body: $"<a id=\"link\" href=\"{forged}\">link</a>");
        await page.GotoAsync(site.At("/stranger", Stranger));
        await page.ClickAsync("#link");
        await CleanedAsync(page, "");
        (await EngineSite.CodeAsync(page)).ShouldNotBe("forged", StringComparer.Ordinal);

        await page.GotoAsync(forged);
        await CleanedAsync(page, "");
        (await EngineSite.CodeAsync(page)).ShouldNotBe("forged", StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_link_to_another_site_or_within_the_own_one_carries_no_code()
    {
        await using var site = await StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        foreach (var host in new[] { Stranger, "other." + First["www.".Length..] })
        {
            site.Add("/", body: $"<a id=\"link\" href=\"{site.At("/target", host)}\">link</a>");
            var asked = new List<string>();
            page.Request += (_, request) => asked.Add(request.Url);
            await page.GotoAsync(site.At("/", First));
            await EngineSite.CodeAsync(page);

            await page.ClickAsync("#link");
            await CleanedAsync(page, "");

            asked.ShouldAllBe(url => !url.Contains("/target?", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Local_storage_wins_over_another_cookie_and_leaves_an_equal_one_as_it_is()
    {
        await using var site = await StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.At("/target", Second));
        var code = await EngineSite.CodeAsync(page);
        await SetCookieAsync(visitor, site, "other");

        await page.ReloadAsync();
        (await EngineSite.CodeAsync(page)).ShouldBe(code);
        (await page.EvaluateAsync<string>("document.cookie")).ShouldStartWith($"kameleoonVisitorCode={code}");

        await visitor.ClearCookiesAsync();
        await SetCookieAsync(visitor, site, code);
        var before = (await visitor.CookiesAsync()).ShouldHaveSingleItem();
        await page.ReloadAsync();
        await EngineSite.CodeAsync(page);

        var after = (await visitor.CookiesAsync()).ShouldHaveSingleItem();
        (after.Value, after.Domain, after.Expires).ShouldBe((before.Value, before.Domain, before.Expires));
    }

    // By what the page itself sees: the engine changes the address without loading another page.
    private static Task<IJSHandle> CleanedAsync(IPage page, string rest) => page.WaitForFunctionAsync(
        "rest => location.pathname === '/target' && location.search + location.hash === rest", rest);

    private static async Task<EngineSite> StartAsync()
    {
        var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            CrossDomains = ["first.localhost", "second.localhost"],
        });
        site.Add("/", body: Links.Replace("{0}", site.At("/target", Second), StringComparison.Ordinal));
        site.Add("/target");
        return site;
    }

    private static Task SetCookieAsync(IBrowserContext visitor, EngineSite site, string code) => visitor.AddCookiesAsync(
    [
        new Cookie
        {
            Name = "kameleoonVisitorCode",
            Value = code,
            Url = site.At("/", Second),
            Expires = DateTimeOffset.UtcNow.AddDays(10).ToUnixTimeSeconds(),
        },
    ]);

    private static Task<string> StoredAsync(IPage page) =>
        page.EvaluateAsync<string>("JSON.parse(localStorage.getItem('kameleoonVisitorCode')).value");
}
