using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>What SDKs, proxies and browsers other than the library's own need from the sandbox.</summary>
public sealed class RealSdkTests
{
    private const string Project = """
        {
          "flags": {
            "a": { "variations": { "on": {} }, "rules": [{ "split": { "on": 1 } }, { "deliver": "on" }] },
            "b": { "variations": { "on": {} }, "rules": [{ "deliver": "on" }] }
          }
        }
        """;

    [Theory]
    [InlineData(Project, "a")]
    [InlineData(TestData.Json, "checkout")]
    public async Task A_forced_variation_takes_the_first_place_and_makes_the_file_newer(string dataFile, string flag)
    {
        await using var site = await SandboxSite.StartAsync(dataFile: dataFile);
        using var before = await site.GetAsync("v3/s");

        using var forced = await site.ControlAsync("PUT", $"control/flags/{flag}", """{ "forced": [{ "variation": "on" }] }""");

        var file = await site.JsonAsync("v3/s");
        var rules = file.GetProperty("featureFlags")[0].GetProperty("rules").EnumerateArray();
        rules.Select(rule => rule.GetProperty("order").GetInt32()).ShouldBe(Enumerable.Range(0, rules.Count()));
        file.GetProperty("dateModified").GetInt64().ShouldBeGreaterThan(before.Content.Headers.LastModified!.Value.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task The_site_code_of_the_sandbox_decides_that_of_the_engine_too()
    {
        await using var site = await StartWithLibraryAsync("mine");

        (await site.TextAsync("engine.js")).ShouldContain("\"siteCode\":\"mine\"");
        (await site.TextAsync("engine.js")).ShouldContain("\"environment\":\"production\"");
        (await site.TextAsync("engine.js?siteCode=mine&environment=qa")).ShouldContain("\"environment\":\"qa\"");
        foreach (var address in (string[])["engine.js?siteCode=library", "r/library/engine.js", "engine-campaigns.js?siteCode=x", "v3/x"])
        {
            using var other = await site.GetAsync(address);
            other.StatusCode.ShouldBe(HttpStatusCode.NotFound, address);
        }
    }

    [Fact]
    public async Task The_library_decides_the_engine_s_site_where_the_sandbox_says_nothing()
    {
        await using var site = await StartWithLibraryAsync("");

        var engine = await site.TextAsync("engine.js");

        engine.ShouldContain("\"siteCode\":\"library\"");
        engine.ShouldContain("\"environment\":\"staging\"");
    }

    [Theory]
    [InlineData("https", null, null, "https://127.0.0.1")]
    [InlineData("https", "dev.example", null, "https://dev.example")]
    [InlineData("https, http", "dev.example:8443, inner", "/box/", "https://dev.example:8443/box")]
    [InlineData("ftp", "dev.example\"/x", null, "http://127.0.0.1")]
    [InlineData("https", "dev.example/evil", "//evil.example", "https://127.0.0.1")]
    public async Task Behind_a_proxy_the_engine_names_the_address_of_the_proxy(string proto, string? host, string? prefix, string expected)
    {
        await using var site = await SandboxSite.StartAsync("/_kameleoon");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_kameleoon/engine.js");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", proto);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", host);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Prefix", prefix);

        using var answer = await site.Http.SendAsync(request);

        var port = expected.EndsWith("127.0.0.1", StringComparison.Ordinal) ? $":{site.Http.BaseAddress!.Port}" : "";
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"\"dataUrl\":\"{expected}{port}/_kameleoon\"");
    }

    [Theory]
    [InlineData("https://shop.example/cart", null, null, true)]
    [InlineData("https://shop.example/cart", "dev.example", null, true)]
    [InlineData("https://shop.example/cart", null, "https", false)]
    [InlineData("http://shop.example/cart", null, null, false)]
    [InlineData("http://shop.example/cart", "dev.example", null, false)]
    [InlineData("https://localhost:5001/cart", null, null, false)]
    [InlineData("https://shop.localhost/cart", "www.localhost", null, false)]
    [InlineData("https://localhost:5001/cart", "dev.example", null, true)]
    [InlineData(null, null, null, false)]
    public async Task An_https_page_that_gets_http_addresses_is_warned(
        string? page, string? host, string? proto, bool expected)
    {
        await using var site = await SandboxSite.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "engine.js");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", host);
        request.Headers.TryAddWithoutValidation("Referer", page);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", proto);

        using var answer = await site.Http.SendAsync(request);

        (await answer.Content.ReadAsStringAsync()).StartsWith("console.warn(\"Kameleoon sandbox: this https page", StringComparison.Ordinal)
            .ShouldBe(expected);
    }

    [Theory]
    [InlineData("dev.example", "script", true, true)]
    [InlineData("dev.example", null, true, false)]
    [InlineData(null, "script", false, false)]
    public async Task A_page_that_sends_no_referer_is_warned_by_the_browser_where_it_is_an_https_page(
        string? host, string? fetchDestination, bool isWarned, bool isLogged)
    {
        var log = new FakeLogCollector();
        await using var site = await SandboxSite.StartAsync(
            configure: builder => builder.Logging.AddProvider(new FakeLoggerProvider(log)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "engine.js");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", host);
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Dest", fetchDestination);

        using var answer = await site.Http.SendAsync(request);

        (await answer.Content.ReadAsStringAsync())
            .StartsWith("location.protocol===\"https:\"&&console.warn(\"Kameleoon sandbox: this https page", StringComparison.Ordinal)
            .ShouldBe(isWarned);
        log.GetSnapshot().Any(entry => entry.Id.Id == 918).ShouldBe(isLogged);
    }

    [Fact]
    public async Task The_clock_says_what_it_does_not_move()
    {
        await using var site = await SandboxSite.StartAsync();
        var before = (await site.JsonAsync("v3/s")).ToString();

        using var moved = await site.ControlAsync("POST", "control/clock?advanceSeconds=86400");

        var clock = JsonElement.Parse(await moved.Content.ReadAsStringAsync());
        clock.GetProperty("aheadSeconds").GetDouble().ShouldBe(86_400);
        clock.GetProperty("doesNotMove")[0].GetString()!.ShouldStartWith("the clocks of SDKs");
        (await site.JsonAsync("v3/s")).ToString().ShouldBe(before);
    }

    private static Task<SandboxSite> StartWithLibraryAsync(string siteCode) => SandboxSite.StartAsync(
        configure: static builder => builder.Services.AddKameleoonHybrid(builder.Configuration),
        settings:
        [
            ("Kameleoon:SiteCode", "library"), ("Kameleoon:Environment", "staging"), ("Kameleoon:StartTimeout", "00:00:00"),
            ("Kameleoon:Endpoints:Configuration", "http://127.0.0.1:9/"), ("Kameleoon:Sandbox:SiteCode", siteCode),
        ]);
}
