using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Where and for whom a page reports exposures to the server that the engine did not take.</summary>
public sealed class SeenPageTests
{
    private static readonly (string, string) Anna = ("Cookie", "kameleoonVisitorCode=anna");

    [Theory]
    [InlineData("anna", 1, 0)]
    [InlineData("bert", 0, 1)]
    public async Task A_page_counts_only_for_the_visitor_whom_it_was_made_for(string later, int reported, int dropped)
    {
        await using var site = await TestSite.StartAsync();
        var addresses = AddressesOf(await site.ReadAsync("/page/checkout", Anna));

        await SeeAsync(site, addresses, ("Cookie", $"kameleoonVisitorCode={later}"));

        (await site.StopAndReadEventsAsync()).Count.ShouldBe(reported);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "other_visitor").ShouldBe(dropped);
    }

    [Fact]
    public async Task A_page_of_a_new_visitor_counts_for_the_code_that_the_browser_kept()
    {
        await using var site = await TestSite.StartAsync();
        var addresses = AddressesOf(await site.ReadAsync("/page/checkout"));

        await SeeAsync(site, addresses, Anna);

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["visitorCode"].ShouldBe("anna");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_is_not_reported_for_the_user_who_signed_in_on_it(bool isNew)
    {
        await using var site = await TestSite.StartAsync(options => options.LinkedVisitorCode = static context =>
            new(context.Request.Headers["X-User"] is [{ } user] ? "codeof" + user : null));
        var addresses = AddressesOf(isNew ? await site.ReadAsync("/page/checkout") : await site.ReadAsync("/page/checkout", Anna));

        using var seen = await site.GetAsync(
            addresses.ShouldHaveSingleItem(), Anna, ("X-User", "bert"), ("Sec-Fetch-Dest", "image"), ("Sec-Fetch-Site", "same-origin"));

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "other_visitor").ShouldBe(1);
    }

    [Theory]
    [InlineData("/shop", true)]
    [InlineData("/shop", false)]
    [InlineData("/a/b", false)]
    public async Task A_page_below_a_path_base_that_comes_after_the_middleware_is_reported(string pathBase, bool isBranch)
    {
        await using var site = await TestSite.StartAsync(map: app =>
        {
            if (isBranch)
            {
                app.Map(pathBase, static branch => branch.Run(ShowAsync));
            }
            else
            {
                app.UsePathBase(pathBase);
                app.Run(ShowAsync);
            }
        });
        var addresses = AddressesOf(await site.ReadAsync(pathBase + "/x", Anna));

        await SeeAsync(site, addresses, Anna);

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["visitorCode"].ShouldBe("anna");
    }

    [Theory]
    [InlineData("/shopping/cart", "/shop/kameleoon/seen?")]
    [InlineData("/cart", "/shop/kameleoon/seen?")]
    [InlineData("/shop/cart", "/kameleoon/seen?")]
    [InlineData("/shop?a=b", "/kameleoon/seen?")]
    public async Task A_path_base_is_part_of_the_address_unless_it_is_part_of_the_path(string path, string expected)
    {
        await using var site = await TestSite.StartAsync(map: app => app.Run(context =>
        {
            context.Request.PathBase = "/shop";
            return ShowAsync(context);
        }));

        AddressesOf(await site.ReadAsync(path, Anna)).ShouldHaveSingleItem().ShouldStartWith(expected);
    }

    [Fact]
    public async Task A_page_below_a_path_base_that_comes_before_the_middleware_is_reported()
    {
        await using var site = await TestSite.StartAsync(before: static app => app.UsePathBase("/shop"));
        var addresses = AddressesOf(await site.ReadAsync("/shop/page/checkout", Anna));

        await SeeAsync(site, addresses, Anna);

        addresses.ShouldHaveSingleItem().ShouldStartWith("/shop/kameleoon/seen?");
        (await site.StopAndReadEventsAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(250, 3)]
    public async Task All_exposures_of_a_page_with_many_are_reported(int flags, int requests)
    {
        await using var site = await TestSite.StartAsync(
            platform: DataFiles.Serving(DataFiles.Many(flags)),
            map: app => app.MapGet("/all", (IKameleoonClient client, HttpContext context) =>
            {
                client.GetVariations();
                return Results.Content(Pages.Tracking(context), "text/html");
            }));
        var page = await site.ReadAsync("/all", Anna);
        var addresses = AddressesOf(page);

        await SeeAsync(site, addresses, Anna);

        addresses.Length.ShouldBe(requests);
        page.Split("var u=\"").Length.ShouldBe(1 + requests);
        (await site.StopAndReadEventsAsync()).Count.ShouldBe(flags);
    }

    private static async Task ShowAsync(HttpContext context)
    {
        context.RequestServices.GetRequiredService<IKameleoonClient>().GetVariation("checkout");
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync(Pages.Tracking(context));
    }

    private static string[] AddressesOf(string page) =>
        [.. page.Split("img src=\"").Skip(1).Select(static image => WebUtility.HtmlDecode(image.Split('"')[0]))];

    private static async Task SeeAsync(TestSite site, string[] addresses, (string, string) visitor)
    {
        addresses.ShouldNotBeEmpty();
        foreach (var address in addresses)
        {
            using var seen = await site.GetAsync(address, visitor, ("Sec-Fetch-Dest", "image"), ("Sec-Fetch-Site", "same-origin"));
            seen.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
    }
}
