using Kameleoon.Hybrid.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The code of docs/guides/test-pages.md for tests in a real browser.</summary>
public sealed class GuideTests(GuideTests.BrowserShop shop, Chromium chromium) : IClassFixture<GuideTests.BrowserShop>, IClassFixture<Chromium>
{
    [Fact]
    public async Task A_page_in_a_browser_shows_the_forced_variation_and_its_engine_reports_it()
    {
        await using var context = await chromium.NewVisitorAsync();
        await shop.ChangeAsync(sandbox => sandbox.ForceVariation("catalogue", "gallery"));
        var page = await context.NewPageAsync();

        await page.GotoAsync(shop.ClientOptions.BaseAddress.ToString());

        await Assertions.Expect(page.GetByTestId("headline")).ToHaveTextAsync("Eight characters looking for a home");
        var exposure = await shop.WaitForEventAsync(sent => sent.Type is "experiment" && sent.VariationKey is "gallery");
        exposure.FromEngine.ShouldBeTrue();
    }

    public sealed class BrowserShop : WebApplicationFactory<Program>
    {
        public BrowserShop()
        {
            UseKestrel(0);
            StartServer();
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
            .UseKameleoonSandbox()
            .UseSetting("Kameleoon:Bots:Exclude:0", "HeadlessChrome");
    }
}
