using System.Net;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>The live page explains the decision of any flag for any visitor code.</summary>
public sealed class ExplainTests
{
    [Theory]
    [InlineData("", "live/explain")]
    [InlineData("/_kameleoon", "_kameleoon/live/explain")]
    public async Task Embedded_or_alone_it_tells_the_decision_and_each_step(string prefix, string address)
    {
        await using var site = await SandboxSite.StartAsync(prefix);

        using var response = await site.GetAsync(address + "?flag=checkout&visitor=anna%20%C3%A9");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        lines[0].ShouldMatch("^checkout for anna é is (on|off) \\(Rule\\)$");
        lines.Length.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task It_follows_the_data_file()
    {
        await using var site = await SandboxSite.StartAsync();
        (await site.TextAsync("live/explain?flag=checkout&visitor=anna")).ShouldContain("(Rule)");

        await File.WriteAllTextAsync(site.DataFile, TestData.Json.Replace("true", "false", StringComparison.Ordinal));

        (await site.TextAsync("live/explain?flag=checkout&visitor=anna")).ShouldContain("(Disabled)");
        (await site.StateAsync()).GetProperty("dataFile").GetProperty("flags")[0].GetString().ShouldBe("checkout");
    }

    [Theory]
    [InlineData("flag=nobody-knows-this&visitor=anna", HttpStatusCode.OK, "nobody-knows-this for anna is off (UnknownFlag)")]
    [InlineData("visitor=anna", HttpStatusCode.BadRequest, "Name a feature flag.")]
    [InlineData("flag=checkout", HttpStatusCode.BadRequest, "Name a visitor code of 1 to 255 characters.")]
    public async Task What_it_cannot_explain_it_says_in_words(string query, HttpStatusCode status, string text)
    {
        await using var site = await SandboxSite.StartAsync();

        using var response = await site.GetAsync("live/explain?" + query);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldStartWith(text);
    }

    [Theory]
    [InlineData("{")]
    [InlineData(null)]
    public async Task Without_a_usable_data_file_it_says_what_is_wrong_with_it(string? dataFile)
    {
        await using var site = await SandboxSite.StartAsync(dataFile: dataFile);

        using var response = await site.GetAsync("live/explain?flag=checkout&visitor=anna");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var problem = (await site.StateAsync()).GetProperty("dataFile").GetProperty("problem").GetString()!;
        (await response.Content.ReadAsStringAsync()).ShouldBe("There is no usable data file. " + problem);
    }

    [Fact]
    public async Task Explaining_records_nothing()
    {
        await using var site = await SandboxSite.StartAsync();

        await site.TextAsync("live/explain?flag=checkout&visitor=anna");

        (await site.StateAsync()).GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(0);
    }
}
