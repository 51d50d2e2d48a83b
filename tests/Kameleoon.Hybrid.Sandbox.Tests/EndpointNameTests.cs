namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>Faults and recorded requests name an endpoint by what it serves.</summary>
public sealed class EndpointNameTests
{
    [Theory]
    [InlineData("", "experiments/77/variations/701.js", "campaign")]
    [InlineData("/kameleoon", "experiments/77/variations/701.js", "campaign")]
    [InlineData("/kameleoon", "kameleoon.js", "engine")]
    [InlineData("/engine", "r/s/engine.js", "engine")]
    [InlineData("/engine", "engine-frame.html", "frame")]
    [InlineData("/ipad", "r/s/engine.js", "engine")]
    [InlineData("/ip-tests", "experiments/77/variations/701.js", "campaign")]
    [InlineData("/map/ip", "ip", "ip")]
    [InlineData("/kameleoon", "products/search?query=lamp", "products")]
    [InlineData("/kameleoon", "audiences/segments.js", "audiences")]
    public async Task An_endpoint_has_the_same_name_under_every_prefix(string prefix, string address, string endpoint)
    {
        await using var site = await SandboxSite.StartAsync(prefix);

        using var answer = await site.GetAsync($"{prefix}/{address}");

        var hits = await site.JsonAsync($"{prefix}/control/hits");
        hits.EnumerateArray().Select(hit => hit.GetProperty("endpoint").GetString()).ShouldBe([endpoint]);
    }

    [Fact]
    public async Task The_story_of_a_visitor_does_not_call_products_the_code_of_a_variation()
    {
        await using var site = await SandboxSite.StartAsync();

        using var answer = await site.GetAsync("products/recommendations?siteCode=s&visitorCode=anna&code=c1");

        var moments = (await site.JsonAsync("live/visitor?code=anna")).GetProperty("moments");
        moments.EnumerateArray().Select(moment => moment.GetProperty("text").GetString())
            .ShouldBe(["The engine asked for products"]);
    }
}
