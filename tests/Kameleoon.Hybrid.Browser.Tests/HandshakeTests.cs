using Kameleoon.Hybrid.Settings;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>A real engine that uses another visitor code than the server is noticed, and brought to one code.</summary>
public sealed class HandshakeTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Store =
        "localStorage.setItem('kameleoonVisitorCode', JSON.stringify({ value: 'stored', expirationDate: Date.now() + 1e9 }));";

    private const string StoreOnce = "if (!localStorage.getItem('kameleoonVisitorCode')) {" + Store + "}";

    [Fact]
    public async Task Equal_codes_change_nothing()
    {
        await using var pages = await HandshakePages.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);

        await page.GotoAsync(pages.At("/page"));
        await page.GotoAsync(pages.At("/page"));

        (await pages.WaitForReportsAsync(2)).ShouldBe((2, 0, "", ""));
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_server_s_code_reaches_an_engine_that_preferred_its_own_with_the_exposure()
    {
        await using var pages = await HandshakePages.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        await page.AddInitScriptAsync(StoreOnce);

        await page.GotoAsync(pages.At("/page"));
        var code = (await page.TextContentAsync("#code"))!;
        await LiveEvents.WaitAsync(pages.Address, code, static sent => sent.Type == "experiment");
        await page.GotoAsync(pages.At("/page"));

        (await pages.WaitForReportsAsync(2)).ShouldBe((1, 1, "local_storage=1", "pushed=1"));
        (code == "stored").ShouldBeFalse();
        (await page.TextContentAsync("#code")).ShouldBe(code);
        (await CodeAsync(visitor)).ShouldBe(code);
        (await page.EvaluateAsync<string>("JSON.parse(localStorage.getItem('kameleoonVisitorCode')).value")).ShouldBe(code);
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_server_adopts_the_engine_s_code_where_the_settings_say_so()
    {
        await using var pages = await HandshakePages.StartAsync(IdentityHealing.AdoptEngineCode);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.AddInitScriptAsync(StoreOnce);

        await page.GotoAsync(pages.At("/page"));
        await pages.WaitForReportsAsync(1);
        await page.GotoAsync(pages.At("/page"));

        (await pages.WaitForReportsAsync(2)).ShouldBe((1, 1, "local_storage=1", "adopted=1"));
        (await page.TextContentAsync("#code")).ShouldBe("stored");
        (await CodeAsync(visitor)).ShouldBe("stored");
    }

    [Fact]
    public async Task Whatever_brings_the_other_code_back_a_tab_is_repaired_once()
    {
        await using var pages = await HandshakePages.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.AddInitScriptAsync(Store);

        for (var view = 1; view <= 4; view++)
        {
            await page.GotoAsync(pages.At("/page"));
            await pages.WaitForReportsAsync(view);
        }

        // The engine has overwritten the cookie by then, so the server follows.
        (await pages.WaitForReportsAsync(4)).ShouldBe((2, 2, "local_storage=2", "none=1 pushed=1"));
    }

    [Fact]
    public async Task A_cookie_that_scripts_cannot_read_is_named_as_the_cause()
    {
        await using var pages = await HandshakePages.StartAsync(changeCookie: static cookie =>
            cookie.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal) ? cookie + "; httponly" : cookie);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(pages.At("/page"));

        (await pages.WaitForReportsAsync(1)).ShouldBe((0, 1, "hidden_cookie=1", "pushed=1"));
        var code = (await page.TextContentAsync("#code"))!;
        await LiveEvents.WaitAsync(pages.Address, code, static sent => sent.Type == "experiment");
    }

    [Fact]
    public async Task A_cookie_that_never_arrives_is_named_as_the_cause()
    {
        await using var pages = await HandshakePages.StartAsync(changeCookie: static _ => null);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(pages.At("/page"));

        (await pages.WaitForReportsAsync(1)).ShouldBe((0, 1, "cookie_lost=1", "none=1"));
    }

    [Fact]
    public async Task A_page_that_a_cache_replays_is_noticed_and_gives_no_other_visitor_its_code()
    {
        await using var pages = await HandshakePages.StartAsync();
        await using var first = await chromium.NewVisitorAsync();
        await using var second = await chromium.NewVisitorAsync();
        var (one, two) = (await first.NewPageAsync(), await second.NewPageAsync());
        await one.GotoAsync(pages.At("/replayed"));
        await two.GotoAsync(pages.At("/page"));
        await pages.WaitForReportsAsync(2);
        var own = (await two.TextContentAsync("#code"))!;

        await two.GotoAsync(pages.At("/replayed"));

        (await pages.WaitForReportsAsync(3)).ShouldBe((2, 1, "replayed=1", "none=1"));
        (await two.TextContentAsync("#code") == own).ShouldBeFalse();
        (await CodeAsync(second)).ShouldBe(own);
    }

    [Fact]
    public async Task A_cookie_that_a_cache_replays_with_a_file_is_noticed()
    {
        await using var pages = await HandshakePages.StartAsync();
        await using var first = await chromium.NewVisitorAsync();
        await using var second = await chromium.NewVisitorAsync();
        var (one, two) = (await first.NewPageAsync(), await second.NewPageAsync());
        await one.GotoAsync(pages.At("/page"));
        await pages.WaitForReportsAsync(1);

        await two.GotoAsync(pages.At("/with-file"));

        (await pages.WaitForReportsAsync(2)).ShouldBe((1, 1, "replayed=1", "none=1"));
        (await CodeAsync(second)).ShouldBe(await CodeAsync(first));
    }

    private static async Task<string> CodeAsync(IBrowserContext visitor) =>
        (await visitor.CookiesAsync()).Single(static cookie => cookie.Name == "kameleoonVisitorCode").Value;
}
