using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>What SDKs and pages rely on in the files that the sandbox serves.</summary>
public sealed class ServedFileTests
{
    private const string Project = """
        { "flags": { "a": { "variations": { "on": {} }, "rules": [{ "split": { "on": 1 }, "traffic": 50 }, { "deliver": "on" }] } } }
        """;

    [Fact]
    public async Task The_data_file_of_a_project_has_the_time_of_its_last_change_and_the_order_of_rules()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: Project);
        var written = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(site.DataFile, written);

        var first = await DataFileAsync(site);
        var again = await DataFileAsync(site);

        first.GetProperty("dateModified").GetInt64().ShouldBe(new DateTimeOffset(written).ToUnixTimeMilliseconds());
        again.GetProperty("dateModified").GetInt64().ShouldBe(first.GetProperty("dateModified").GetInt64());
        first.GetProperty("featureFlags")[0].GetProperty("rules").EnumerateArray()
            .Select(rule => rule.GetProperty("order").GetInt32()).ShouldBe([0, 1]);
    }

    [Theory]
    [InlineData(Project)]
    [InlineData(TestData.Json)]
    public async Task An_edit_on_the_live_page_changes_the_time_in_the_data_file(string file)
    {
        await using var site = await SandboxSite.StartAsync(dataFile: file);
        var before = await DataFileAsync(site);
        var flag = before.GetProperty("featureFlags")[0].GetProperty("featureKey").GetString()!;

        site.Services.GetRequiredService<KameleoonSandbox>().SetFlag(flag, enabled: false);
        var after = await DataFileAsync(site);

        var earlier = before.TryGetProperty("dateModified", out var time) ? time.GetInt64() : 0;
        after.GetProperty("dateModified").GetInt64().ShouldBeGreaterThan(earlier);
    }

    [Theory]
    [InlineData("v3/s")]
    [InlineData("engine.js")]
    [InlineData("engine-campaigns.js")]
    [InlineData("live-experiments/config.js")]
    [InlineData("audiences/segments.js")]
    [InlineData("engine-frame.html")]
    [InlineData("ip")]
    [InlineData("visit/visitor?siteCode=s&visitorCode=v")]
    [InlineData("control/clock")]
    [InlineData("live/page.js")]
    [InlineData("sse")]
    [InlineData("live/stream")]
    public async Task HEAD_is_answered_like_GET_without_a_body(string path)
    {
        await using var site = await SandboxSite.StartAsync();
        using var get = await site.Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await site.Http.SendAsync(request);

        head.StatusCode.ShouldBe(get.StatusCode);
        head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType);
        head.Content.Headers.LastModified.ShouldBe(get.Content.Headers.LastModified);
        head.Content.Headers.ContentLength.ShouldBe(get.Content.Headers.ContentLength);
        head.Headers.ETag.ShouldBe(get.Headers.ETag);
        head.Headers.CacheControl.ShouldBe(get.Headers.CacheControl);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_site_of_the_sandbox_alone_decides_the_site_of_the_engine()
    {
        await using var site = await SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:SiteCode", "shop"));

        (await site.TextAsync("engine.js")).ShouldContain("\"siteCode\":\"shop\"");
        (await site.TextAsync("r/shop/engine.js")).ShouldContain("\"siteCode\":\"shop\"");
        foreach (var other in (string[])["engine.js?siteCode=other", "r/other/engine.js", "v3/other"])
        {
            using var response = await site.GetAsync(other);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound, other);
        }
    }

    private static async Task<JsonElement> DataFileAsync(SandboxSite site) => JsonElement.Parse(await site.TextAsync("v3/s"));
}
