using System.Globalization;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The whole loop in a real browser: server decides, browser tracks, one visitor.</summary>
public sealed class HybridLoopTests(ShopSite shop, Chromium chromium) : IClassFixture<ShopSite>, IClassFixture<Chromium>
{
    private const string CheckoutExperiment = "7001";
    private const string OrderGoal = "3001";
    private const string WishlistGoal = "3002";

    [Fact]
    public async Task A_new_visitor_is_decided_on_the_server_and_tracked_by_the_browser_under_one_code()
    {
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);

        var first = await page.GotoAsync(shop.Address.ToString());
        var setByServer = (await first!.HeadersArrayAsync())
            .Single(header => header.Name.Equals("set-cookie", StringComparison.OrdinalIgnoreCase)
                && header.Value.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal));
        var code = setByServer.Value.Split('=', ';')[1];
        (await CookieAsync(visitor)).Value.ShouldBe(code);
        var expires = (await CookieAsync(visitor)).Expires;

        await page.GetByTestId("product-monstera").First.ClickAsync();
        await page.GetByTestId("wishlist").ClickAsync();
        await page.GetByTestId("add-to-cart").ClickAsync();
        await page.GotoAsync(new Uri(shop.Address, "/checkout").ToString());
        var shown = await page.GetByTestId("checkout").GetAttributeAsync("data-variation");

        var exposed = await shop.EventsAsync(code, IsCheckoutExposure);
        var exposure = exposed.Where(IsCheckoutExposure).ShouldHaveSingleItem();
        exposure.Sender.ShouldBe("engine");
        exposure.Flag.ShouldBe("checkout");
        exposure.Variation.ShouldBe(shown);

        var total = await OrderAsync(page, shown!);

        var events = await shop.EventsAsync(code, sent => sent.Fields.GetValueOrDefault("goalId") == OrderGoal);
        var order = events.Where(sent => sent.Fields.GetValueOrDefault("goalId") == OrderGoal).ShouldHaveSingleItem();
        order.Sender.ShouldBe("server");
        decimal.Parse(order.Fields["revenue"], CultureInfo.InvariantCulture).ShouldBe(total);
        events.Where(sent => sent.Fields.GetValueOrDefault("goalId") == WishlistGoal)
            .ShouldHaveSingleItem().Sender.ShouldBe("engine");

        // Two of the server's intervals later: it has not reported what the engine did.
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        var all = (await shop.StateAsync()).Events.Where(sent => sent.VisitorCode == code).ToList();
        all.SelectMany(sent => sent.Violations).ShouldBeEmpty();
        all.Where(sent => sent.Type == "experiment" && sent.Sender == "server").ShouldBeEmpty();

        var cookie = await CookieAsync(visitor);
        cookie.Value.ShouldBe(code);
        cookie.Expires.ShouldBe(expires, tolerance: 0.001);
        complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("v9", "classic")]
    [InlineData("v2", "one-page")]
    [InlineData("v0", "express")]
    public async Task Every_checkout_leads_to_an_order_whose_revenue_arrives(string code, string variation)
    {
        await using var visitor = await chromium.NewVisitorAsync();
        await visitor.AddCookiesAsync([new Cookie { Name = "kameleoonVisitorCode", Value = code, Url = shop.Address.ToString() }]);
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(new Uri(shop.Address, "/products/fern").ToString());
        await page.GetByTestId("add-to-cart").ClickAsync();
        await page.GotoAsync(new Uri(shop.Address, "/checkout").ToString());

        (await page.GetByTestId("checkout").GetAttributeAsync("data-variation")).ShouldBe(variation);
        var total = await OrderAsync(page, variation);

        var events = await shop.EventsAsync(code, sent => sent.Fields.GetValueOrDefault("goalId") == OrderGoal);
        var order = events.Single(sent => sent.Fields.GetValueOrDefault("goalId") == OrderGoal);
        decimal.Parse(order.Fields["revenue"], CultureInfo.InvariantCulture).ShouldBe(total);
        total.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Each_visitor_has_a_code_of_their_own()
    {
        await using var first = await chromium.NewVisitorAsync();
        await using var second = await chromium.NewVisitorAsync();
        await (await first.NewPageAsync()).GotoAsync(shop.Address.ToString());
        await (await second.NewPageAsync()).GotoAsync(shop.Address.ToString());

        (await CookieAsync(first)).Value.ShouldNotBe((await CookieAsync(second)).Value, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Without_scripts_the_page_works_and_the_server_reports_its_exposures()
    {
        await using var visitor = await chromium.NewVisitorAsync(scripts: false);
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(shop.Address.ToString());
        (await page.GetByTestId("products").CountAsync()).ShouldBe(1);
        var code = (await CookieAsync(visitor)).Value;
        var catalogue = await shop.EventsAsync(code, sent => sent.Flag == "catalogue");

        catalogue.ShouldAllBe(sent => sent.Sender == "server");
        catalogue.Count(sent => sent.Flag == "catalogue").ShouldBe(1);
        catalogue.SelectMany(sent => sent.Violations).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_live_page_shows_what_arrives_without_being_reloaded()
    {
        await using var viewer = await chromium.NewVisitorAsync();
        var live = await viewer.NewPageAsync();
        var complaints = Complaints.Of(live);
        await live.GotoAsync(new Uri(shop.Address, "/_kameleoon/#visitors").ToString());

        await using var visitor = await chromium.NewVisitorAsync();
        await (await visitor.NewPageAsync()).GotoAsync(shop.Address.ToString());
        var code = (await CookieAsync(visitor)).Value;

        await live.GetByText(code).Filter(new LocatorFilterOptions { Visible = true }).First.WaitForAsync();
        complaints.ShouldBeEmpty();
    }

    private static bool IsCheckoutExposure(LiveEvent sent) =>
        sent.Type == "experiment" && sent.Fields.GetValueOrDefault("id") == CheckoutExperiment;

    private static async Task<BrowserContextCookiesResult> CookieAsync(IBrowserContext visitor) =>
        (await visitor.CookiesAsync()).Single(cookie => cookie.Name == "kameleoonVisitorCode");

    /// <summary>Goes through whichever checkout the visitor has, and returns what the confirmation says was paid.</summary>
    private static async Task<decimal> OrderAsync(IPage page, string variation)
    {
        if (variation != "express")
        {
            await FillAsync(page, ("Email", "ada@example.com"), ("FullName", "Ada Lovelace"));
            await ContinueIfStepsAsync(page, variation);
            await FillAsync(page, ("Street", "St James's Square 12"), ("PostalCode", "10115"), ("City", "Berlin"));
            await page.Locator("[name='Form.Country']").SelectOptionAsync("Germany");
            await ContinueIfStepsAsync(page, variation);
        }

        await page.GetByTestId("place-order").ClickAsync();
        await page.GetByTestId("order-number").WaitForAsync();
        return decimal.Parse((await page.GetByTestId("total").GetAttributeAsync("value"))!, CultureInfo.InvariantCulture);
    }

    private static async Task FillAsync(IPage page, params (string Field, string Text)[] fields)
    {
        foreach (var (field, text) in fields)
        {
            await page.Locator($"[name='Form.{field}']").FillAsync(text);
        }
    }

    private static Task ContinueIfStepsAsync(IPage page, string variation) =>
        variation == "classic" ? page.GetByTestId("continue").ClickAsync() : Task.CompletedTask;
}
