namespace Kameleoon.Hybrid.Tests;

/// <summary>What all tags have in common: nonces and addresses.</summary>
public sealed class TagTests
{
    [Fact]
    public async Task Every_script_carries_the_nonce_and_encodes_it()
    {
        await using var site = await TestSite.StartAsync(map: app => app.Map("/", (IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation("checkout");
            return Pages.Tracking(context, "a\"b") + Pages.Engine(context, "a\"b");
        }));

        var html = await site.ReadAsync("/");

        using var page = TagSite.Parse(html);
        page.Scripts.Select(script => script.GetAttribute("nonce")).ShouldBe(["a\"b", "a\"b", "a\"b"]);
    }

    [Theory]
    [InlineData(null, "https://abcde12345.kameleoon.io/engine.js")]
    [InlineData("http://127.0.0.1:5480/", "http://127.0.0.1:5480/engine.js")]
    [InlineData("https://cdn.example/k", "https://cdn.example/k/engine.js")]
    [InlineData("/_kameleoon", "/_kameleoon/engine.js")]
    public async Task The_engine_is_loaded_from_where_the_settings_say(string? endpoint, string expected)
    {
        await using var site = await TestSite.StartAsync(
            options => options.Endpoints.Engine = endpoint is null ? null : new Uri(endpoint, UriKind.RelativeOrAbsolute),
            app => app.Map("/", (HttpContext context) => Pages.Engine(context)));

        using var page = await site.OpenAsync("/");

        page.Scripts[0].TextContent.ShouldBe("window.kameleoonQueue=window.kameleoonQueue||[];");
        page.GetElementById("kameleoonEngine")!.GetAttribute("src").ShouldBe(expected);
    }

    [Fact]
    public async Task Below_a_path_base_that_a_proxy_removed_the_tags_point_below_it_too()
    {
        await using var site = await TestSite.StartAsync(
            options => options.Endpoints.Engine = new Uri("/_kameleoon", UriKind.Relative),
            app => app.Map("/", (IKameleoonClient client, HttpContext context) =>
            {
                context.Request.PathBase = "/shop";
                client.GetVariation("checkout");
                return Pages.Tracking(context) + Pages.Engine(context);
            }));

        using var page = await site.OpenAsync("/");

        page.Images.ShouldHaveSingleItem().GetAttribute("src")!.ShouldStartWith("/shop/kameleoon/seen?e=7001.81001");
        page.GetElementById("kameleoonEngine")!.GetAttribute("src").ShouldBe("/shop/_kameleoon/engine.js");
    }
}
