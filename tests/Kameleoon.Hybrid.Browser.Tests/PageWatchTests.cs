using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>An exposure is reported once, whether the engine runs, is blocked, or comes too late.</summary>
public sealed class PageWatchTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly WatchPages _pages = new();

    public Task InitializeAsync() => _pages.InitializeAsync();

    public Task DisposeAsync() => _pages.DisposeAsync();

    [Fact]
    public async Task The_engine_that_loads_reports_and_the_page_tells_the_server_nothing()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        await page.GotoAsync(At("/page"));
        await ExposureAsync(visitor);
        await page.ClickAsync("#away");
        await page.WaitForSelectorAsync("#plain");

        await OnlyAsync(visitor, "engine");
        _pages.Told.ShouldBeEmpty();
        complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("blockedbyclient")]
    [InlineData("aborted")]
    public async Task An_engine_that_is_blocked_makes_the_page_tell_the_server_at_once(string reason)
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.RouteAsync("**/engine.js*", route => route.AbortAsync(reason));

        await page.GotoAsync(At("/page"));
        await ExposureAsync(visitor);
        await page.GotoAsync(At("/plain"));

        await OnlyAsync(visitor, "server");
        _pages.Told.ShouldHaveSingleItem().ShouldStartWith("POST?e=7001.81001&v=");
    }

    [Theory]
    [InlineData("early")]
    [InlineData("head")]
    [InlineData("parsed")]
    [InlineData("end")]
    public async Task A_script_that_replaces_the_page_loses_no_exposure(string leave)
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(At($"/page?leave={leave}&src=/slow.js"));
        await page.WaitForSelectorAsync("#plain");

        await OnlyAsync(visitor, "server");
    }

    [Theory]
    [InlineData("early")]
    [InlineData("head")]
    [InlineData("parsed")]
    [InlineData("end")]
    public async Task The_page_that_replaces_it_counts_the_exposure_once_if_the_engine_runs_there(string leave)
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(At($"/page?leave={leave}&src=/slow.js&to=/tag"));
        await page.WaitForSelectorAsync("#tag");
        await ExposureAsync(visitor);
        await page.GotoAsync(At("/plain"));

        (await ExposuresAsync(visitor)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_engine_that_comes_late_reports_once_and_the_page_tells_the_server_nothing()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var arrived = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/engine.js*", route => arrived.TrySetResult(route));

        await page.GotoAsync(At("/page"), new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        var engine = await arrived.Task.WaitAsync(HangGuard.Timeout);
        (await ExposuresAsync(visitor)).ShouldBeEmpty();
        await engine.ContinueAsync();
        await ExposureAsync(visitor);
        await page.ClickAsync("#away");
        await page.WaitForSelectorAsync("#plain");

        await OnlyAsync(visitor, "engine");
        _pages.Told.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/page", "engine")]
    [InlineData("/page?src=/none.js", "server")]
    public async Task A_page_that_comes_back_from_the_browser_s_cache_is_not_counted_again(string path, string sender)
    {
        await using var visitor = await chromium.NewVisitorWithPageCacheAsync();
        var page = await visitor.NewPageAsync();
        await page.AddInitScriptAsync("addEventListener('pageshow', event => { if (event.persisted) document.body.id = 'restored'; })");
        await page.GotoAsync(At(path));
        await ExposureAsync(visitor);

        await page.ClickAsync("#away");
        await page.WaitForSelectorAsync("#plain");
        await page.GoBackAsync(new PageGoBackOptions { WaitUntil = WaitUntilState.Commit });
        await page.WaitForSelectorAsync("#restored");
        await page.ClickAsync("#away");
        await page.WaitForSelectorAsync("#plain");

        await OnlyAsync(visitor, sender);
        _pages.Told.Count.ShouldBe(sender == "server" ? 1 : 0);
    }

    [Fact]
    public async Task A_click_before_a_slow_engine_arrives_loses_no_exposure()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(At("/page?src=/slow.js"), new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        await page.ClickAsync("#away");
        await page.WaitForSelectorAsync("#plain");

        await OnlyAsync(visitor, "server");
    }

    [Fact]
    public async Task Without_scripts_the_image_alone_tells_the_server()
    {
        await using var visitor = await chromium.NewVisitorAsync(scripts: false);
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(At("/page"));
        await ExposureAsync(visitor);
        await page.GotoAsync(At("/plain"));

        await OnlyAsync(visitor, "server");
        _pages.Told.ShouldHaveSingleItem().ShouldStartWith("GET?e=7001.81001&v=");
    }

    [Theory]
    [InlineData("turbo")]
    [InlineData("htmx")]
    public async Task What_a_framework_fetches_ahead_counts_when_it_is_clicked_and_not_when_it_is_hovered(string framework)
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        await page.GotoAsync(At("/" + framework));

        await page.RunAndWaitForResponseAsync(() => page.HoverAsync("#link"), response => response.Url.Contains("/shown", StringComparison.Ordinal));
        _pages.Asked.ShouldBe(["ahead"]);
        await page.Mouse.MoveAsync(400, 400);
        (await ExposuresAsync(visitor)).ShouldBeEmpty();

        await page.ClickAsync("#link");
        await page.WaitForSelectorAsync("#shown");
        await ExposureAsync(visitor);
        await page.GotoAsync(At("/plain"));

        (await ExposuresAsync(visitor)).ShouldHaveSingleItem();
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_that_turbo_restores_from_its_copy_is_not_counted_again()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(At("/turbo"));
        await page.ClickAsync("#link");
        await page.WaitForSelectorAsync("#shown");
        await ExposureAsync(visitor);

        await page.ClickAsync("#back");
        await page.WaitForSelectorAsync("#link");
        await page.GoBackAsync();
        await page.WaitForSelectorAsync("#shown");
        await page.GotoAsync(At("/plain"));

        (await ExposuresAsync(visitor)).ShouldHaveSingleItem();
    }

    private string At(string path) => new Uri(_pages.Address, path).ToString();

    private async Task OnlyAsync(IBrowserContext visitor, string sender)
    {
        await ExposureAsync(visitor);
        (await ExposuresAsync(visitor)).ShouldHaveSingleItem().Sender.ShouldBe(sender);
    }

    private async Task ExposureAsync(IBrowserContext visitor) =>
        await LiveEvents.WaitAsync(_pages.Address, await CodeAsync(visitor), sent => sent.Type == "experiment");

    private async Task<IReadOnlyList<LiveEvent>> ExposuresAsync(IBrowserContext visitor)
    {
        var code = await CodeAsync(visitor);
        return [.. (await LiveEvents.ReadAsync(_pages.Address)).Events.Where(sent => sent.VisitorCode == code && sent.Type == "experiment")];
    }

    private static async Task<string> CodeAsync(IBrowserContext visitor) =>
        (await visitor.CookiesAsync()).Single(cookie => cookie.Name == "kameleoonVisitorCode").Value;
}
