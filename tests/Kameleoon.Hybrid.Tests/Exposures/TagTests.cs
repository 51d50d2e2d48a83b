namespace Kameleoon.Hybrid.Tests;

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

        html.Split("<script").Length.ShouldBe(4);
        html.Split("nonce=\"a&quot;b\"").Length.ShouldBe(4);
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

        var html = await site.ReadAsync("/");

        html.ShouldBe("<script>window.kameleoonQueue=window.kameleoonQueue||[];</script>"
            + $"<script id=\"kameleoonEngine\" async src=\"{expected}\"></script>");
    }

    [Fact]
    public async Task Below_a_path_base_the_tags_point_below_it_too()
    {
        await using var site = await TestSite.StartAsync(
            options => options.Endpoints.Engine = new Uri("/_kameleoon", UriKind.Relative),
            app => app.Map("/", (IKameleoonClient client, HttpContext context) =>
            {
                context.Request.PathBase = "/shop";
                client.GetVariation("checkout");
                return Pages.Tracking(context) + Pages.Engine(context);
            }));

        var html = await site.ReadAsync("/");

        html.ShouldContain("src=\"/shop/kameleoon/seen?e=7001.81001\"");
        html.ShouldContain("src=\"/shop/_kameleoon/engine.js\"");
    }
}
