using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>The stand-in for the platform's product recommendations.</summary>
public sealed class ProductTests
{
    [Fact]
    public async Task What_others_bought_with_a_product_is_recommended_next_to_it_the_strongest_first()
    {
        await using var site = await SandboxSite.StartAsync();
        await TrackAsync(site, "one", ("lamp", "view"), ("bulb", "purchase"), ("shade", "view"));
        await TrackAsync(site, "two", ("lamp", "view"), ("bulb", "view"));
        await TrackAsync(site, "three", ("rug", "purchase"), ("rug", "purchase"));

        (await IdsAsync(site, "recommendations?code=c1&item=lamp")).ShouldBe(["bulb", "shade", "rug"]);
        (await IdsAsync(site, "recommendations?item=lamp&limit=1")).ShouldBe(["bulb"]);
        (await IdsAsync(site, "recommendations?item=lamp&exclude=%5B%22bulb%22%5D")).ShouldBe(["shade", "rug"]);
        (await site.JsonAsync("products/recommendations?code=c1&item=lamp")).GetProperty("id").GetString().ShouldBe("c1");
    }

    [Fact]
    public async Task Without_a_product_the_visitor_s_own_history_decides_and_what_was_bought_is_left_out()
    {
        await using var site = await SandboxSite.StartAsync();
        await TrackAsync(site, "one", ("lamp", "view"), ("bulb", "purchase"), ("shade", "view"));
        await TrackAsync(site, "me", ("lamp", "view"), ("rug", "purchase"));

        (await IdsAsync(site, "recommendations?visitorCode=me")).ShouldBe(["bulb", "shade"]);
    }

    [Fact]
    public async Task Interactions_are_counted_within_a_time_and_data_is_what_pages_said()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromEngineAsync(
            "one",
            Line("lamp", "view") + "&data=" + Uri.EscapeDataString("""{"name":"Desk lamp","price":20}"""),
            Line("lamp", "cart") + "&quantity=2",
            Line("lamp", "purchase") + "&quantity=3",
            Line("lamp", "view") + "&data=%7Bbroken");

        var counts = (await site.JsonAsync("products/interactions?eans=%5B%22lamp%22,%22none%22%5D"));
        counts.GetProperty("lamp").GetRawText().ShouldBe("""{"views":2,"cartQuantities":2,"boughtQuantities":3}""");
        counts.GetProperty("none").GetProperty("views").GetInt32().ShouldBe(0);
        (await site.JsonAsync("products/interactions?eans=lamp&timeEnd=1000")).GetProperty("lamp").GetProperty("views").GetInt32()
            .ShouldBe(0);
        (await site.JsonAsync("products/data?eans=lamp")).GetProperty("lamp").GetRawText()
            .ShouldBe("""{"id":"lamp","name":"Desk lamp","price":20}""");
        (await IdsAsync(site, "search?query=DESK")).ShouldBe(["lamp"]);
        (await IdsAsync(site, "search?query=")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_live_page_shows_products_and_what_is_recommended_with_them()
    {
        await using var site = await SandboxSite.StartAsync();
        await TrackAsync(site, "one", ("lamp", "view"), ("bulb", "purchase"));

        var products = (await site.StateAsync()).GetProperty("products");

        products[0].GetRawText().ShouldBe(
            """{"id":"bulb","name":"bulb","views":0,"carts":0,"purchases":1,"recommended":["lamp"]}""");
        products[1].GetProperty("id").GetString().ShouldBe("lamp");
    }

    [Fact]
    public async Task A_visitor_who_is_forgotten_is_no_reason_to_recommend()
    {
        await using var site = await SandboxSite.StartAsync();
        await TrackAsync(site, "one", ("lamp", "view"), ("shade", "view"));
        await TrackAsync(site, "two", ("bulb", "purchase"));
        (await IdsAsync(site, "recommendations?item=lamp")).ShouldBe(["shade", "bulb"]);

        using var forgotten = await site.PostAsync("visit/forget?siteCode=s", "one");

        (await IdsAsync(site, "recommendations?item=lamp")).ShouldBe(["bulb", "shade"]);
    }

    [Fact]
    public async Task A_reset_forgets_products_and_the_visitors_of_personalizations()
    {
        await using var site = await SandboxSite.StartAsync();
        await TrackAsync(site, "one", ("lamp", "view"));

        using var reset = await site.ControlAsync("POST", "control/reset");

        (await IdsAsync(site, "collections?collection=all")).ShouldBeEmpty();
    }

    private static async Task TrackAsync(SandboxSite site, string visitor, params (string Product, string Action)[] interactions)
    {
        using var answer = await site.FromEngineAsync(
            visitor, [.. interactions.Select(one => Line(one.Product, one.Action))]);
    }

    private static string Line(string product, string action) =>
        $"eventType=product&nonce={Guid.NewGuid().ToString("N")[..16].ToUpperInvariant()}&ean={product}&action={action}";

    private static async Task<IEnumerable<string?>> IdsAsync(SandboxSite site, string path) =>
        (await site.JsonAsync("products/" + path)).GetProperty("products").EnumerateArray()
        .Select(product => product.ValueKind == JsonValueKind.String ? product.GetString() : product.GetProperty("id").GetString());
}
