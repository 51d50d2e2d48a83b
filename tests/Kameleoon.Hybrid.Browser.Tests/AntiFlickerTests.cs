using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>A page that is hidden until the engine has changed it is shown again, whatever becomes of the engine.</summary>
public sealed class AntiFlickerTests(TagPages pages, Chromium chromium) : IClassFixture<TagPages>, IClassFixture<Chromium>
{
    private const string IsHidden =
        "() => getComputedStyle(document.documentElement, '::after').position === 'fixed'"
        + " || getComputedStyle(document.body).visibility === 'hidden'";

    private const string IsShown = "() => !document.getElementById('kameleoonLoadingStyleSheet')";

    // With it only the engine, or its failure, can show a page.
    private const string WithoutTimers = "window.setTimeout = () => 1";

    [Theory]
    [InlineData("Cover")]
    [InlineData("Hide")]
    [Spec("W2", "T-LOAD-3")]
    public async Task The_engine_shows_the_page_it_was_hidden_for(string overlay)
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        await page.AddInitScriptAsync(WithoutTimers);
        await page.RouteAsync("**/engine.js", async route =>
        {
            // Held back until the page was seen hidden.
            await page.WaitForFunctionAsync(IsHidden);
            await route.ContinueAsync();
        });

        await page.GotoAsync(At($"/page?mode=AsyncAntiFlicker&overlay={overlay}"));

        await page.WaitForFunctionAsync(IsShown);
        (await page.EvaluateAsync<bool>(IsHidden)).ShouldBeFalse();
        (await page.EvaluateAsync<bool>("() => window.kameleoonTimeout === true")).ShouldBeFalse();
        complaints.ShouldBeEmpty();
    }

    [Fact]
    [Spec("W2", "T-LOAD-3")]
    public async Task An_engine_that_is_slow_does_not_hide_the_page_longer_than_the_timeout()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(
            At("/page?mode=AsyncAntiFlicker&timeout=100&src=/slow.js"),
            new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync(IsShown);

        (await page.EvaluateAsync<bool>("() => window.kameleoonTimeout === true")).ShouldBeTrue();
        pages.Slow.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    [Spec("W2")]
    public async Task An_engine_that_cannot_be_loaded_shows_the_page_before_the_timeout()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.AddInitScriptAsync(WithoutTimers);

        await page.GotoAsync(At("/page?mode=AsyncAntiFlicker&timeout=3000&src=/missing.js"));
        await page.WaitForFunctionAsync(IsShown);

        (await page.EvaluateAsync<bool>("() => window.kameleoonTimeout === true")).ShouldBeTrue();
    }

    [Fact]
    [Spec("W2")]
    public async Task Without_scripts_the_page_is_never_hidden()
    {
        await using var visitor = await chromium.NewVisitorAsync(scripts: false);
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(At("/page?mode=AsyncAntiFlicker&overlay=Hide"));

        (await page.Locator("#text").IsVisibleAsync()).ShouldBeTrue();
        (await page.Locator("#kameleoonLoadingStyleSheet").CountAsync()).ShouldBe(0);
    }

    private string At(string path) => new Uri(pages.Address, path).ToString();
}
