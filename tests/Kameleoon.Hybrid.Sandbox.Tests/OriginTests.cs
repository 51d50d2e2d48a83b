using System.Net;
using Microsoft.Extensions.Options;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>What pages of other sites can do.</summary>
public sealed class OriginTests
{
    private const string Header = "X-Kameleoon-Sandbox";

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/live/state")]
    [InlineData("GET", "/live/stream")]
    [InlineData("GET", "/live/explain?flag=checkout&visitor=anna")]
    [InlineData("GET", "/control/hits")]
    [InlineData("GET", "/control/clock")]
    [InlineData("POST", "/control/reset")]
    [InlineData("POST", "/live/reset")]
    [InlineData("PUT", "/control/flags/checkout")]
    [InlineData("DELETE", "/control/project")]
    public async Task A_name_of_another_site_that_leads_here_neither_reads_nor_changes_anything(string method, string path)
    {
        await using var site = await SandboxSite.StartAsync();

        using var answer = await SendAsync(site, method, path, ("Host", "rebound.example"), (Header, "1"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Kameleoon:Sandbox:AllowedHosts");
    }

    [Theory]
    [InlineData("localhost:5480")]
    [InlineData("LOCALHOST")]
    [InlineData("shop.localhost")]
    [InlineData("127.0.0.1:80")]
    [InlineData("127.5.6.7")]
    [InlineData("[::1]:5480")]
    public async Task Loopback_is_answered_under_each_of_its_names(string host)
    {
        await using var site = await SandboxSite.StartAsync();

        using var answer = await SendAsync(site, "GET", "/control/clock", ("Host", host));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("sandbox.example", "sandbox.example:5480", true)]
    [InlineData("a.test; *.example ", "sandbox.example", true)]
    [InlineData("*.example", "example", false)]
    [InlineData("sandbox.example", "localhost.evil.test", false)]
    [InlineData("sandbox.example", "127.0.0.1.evil.test", false)]
    [InlineData("192.168.7.7", "192.168.7.7:5480", true)]
    [InlineData("*", "anything.example", true)]
    public async Task Configured_hosts_are_answered_too(string allowed, string host, bool expected)
    {
        await using var site = await SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:AllowedHosts", allowed));

        using var answer = await SendAsync(site, "GET", "/live/state", ("Host", host));

        answer.StatusCode.ShouldBe(expected ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_forwarded_name_does_not_hide_the_name_that_the_browser_named()
    {
        await using var site = await SandboxSite.StartAsync();

        using var answer = await SendAsync(site, "GET", "/control/hits", ("Host", "localhost"), ("X-Original-Host", "rebound.example"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("https://sandbox.example")]
    [InlineData("sandbox.example/path")]
    [InlineData("a b")]
    public async Task What_is_no_host_stops_the_start_with_a_sentence(string allowed)
    {
        var mistake = await Should.ThrowAsync<OptionsValidationException>(
            () => SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:AllowedHosts", $"a.test;{allowed}")));

        mistake.Message.ShouldStartWith($"Kameleoon:Sandbox:AllowedHosts has \"{allowed}\", which is no host.");
    }

    [Fact]
    public async Task Hits_hide_what_would_let_a_reader_act_as_the_caller()
    {
        await using var site = await SandboxSite.StartAsync();
        using var asked = await SendAsync(
            site, "GET", "/v3/s", ("Authorization", "Bearer secret-1"), ("Cookie", "session=secret-2"), ("X-Other", "seen"));

        var headers = (await site.JsonAsync("control/hits"))[0].GetProperty("headers");

        headers.GetProperty("Authorization").GetString().ShouldBe("(redacted)");
        headers.GetProperty("Cookie").GetString().ShouldBe("(redacted)");
        headers.GetProperty("X-Other").GetString().ShouldBe("seen");
    }

    [Theory]
    [InlineData("/visit/forget?siteCode=s", "anna", null)]
    [InlineData("/map/maps?siteCode=s", """{"anna":{"x":1}}""", null)]
    [InlineData("/visit/events?siteCode=s", "", null)]
    [InlineData("/visit/events?siteCode=s&sdkName=PHP&sdkVersion=4.23.0", "", null)]
    [InlineData("/visit/events?siteCode=s&engine=true&visitorCode=anna", "", "navigate")]
    [InlineData("/visit/events?siteCode=s&sdkName=javascript&visitorCode=anna", "", "navigate")]
    public async Task A_post_of_another_site_that_no_SDK_sends_is_refused(string path, string body, string? mode)
    {
        await using var site = await SandboxSite.StartAsync();
        using var before = await site.FromServerAsync(Page().Of("anna"));

        using var refused = await SendAsync(
            site, "POST", path, body, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", mode ?? "no-cors"));

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await site.TextAsync("map/map?key=anna")).ShouldBe("{}");
        (await site.StateAsync()).GetProperty("events").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("http://rebound.example:5480", HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1.rebound.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost:5480", HttpStatusCode.NoContent)]
    [InlineData("http://[::1]:5480", HttpStatusCode.NoContent)]
    [InlineData("http://shop.test", HttpStatusCode.NoContent)]
    public async Task A_page_that_the_browser_does_not_place_posts_from_an_allowed_host_only(string origin, HttpStatusCode expected)
    {
        await using var site = await SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:AllowedHosts", "shop.test"));
        var host = origin.Split('/')[^1];

        foreach (var (path, body) in new[] { ("/visit/forget?siteCode=s", "anna"), ("/map/maps?siteCode=s", """{"anna":{"x":1}}""") })
        {
            using var answer = await SendAsync(site, "POST", path, body, ("Host", host), ("Origin", origin));

            answer.StatusCode.ShouldBe(expected, path);
        }
    }

    [Theory]
    [InlineData("/visit/events?siteCode=s&engine=true&visitorCode=anna", "cross-site")]
    [InlineData("/visit/events?siteCode=s&sdkName=javascript&sdkVersion=5.17.1&visitorCode=anna", "cross-site")]
    [InlineData("/visit/events?siteCode=s&sdkName=react&sdkVersion=10.1.0&visitorCode=anna", "cross-site")]
    [InlineData("/visit/events?siteCode=s&sdkName=CSHARP&sdkVersion=4.22.0&visitorCode=anna", null)]
    [InlineData("/visit/forget?siteCode=s", "same-origin")]
    [InlineData("/visit/forget?siteCode=s", null)]
    public async Task What_SDKs_and_programs_post_is_taken(string path, string? from)
    {
        await using var site = await SandboxSite.StartAsync();

        using var taken = from is null
            ? await SendAsync(site, "POST", path, "")
            : await SendAsync(site, "POST", path, "", ("Sec-Fetch-Site", from), ("Sec-Fetch-Mode", "cors"));

        taken.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", null, HttpStatusCode.NoContent)]
    [InlineData("Sec-Fetch-Site", "same-site", null, HttpStatusCode.NoContent)]
    [InlineData("Sec-Fetch-Site", "cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "none", null, HttpStatusCode.Forbidden)]
    [InlineData("Referer", "http://shop.example/cart", null, HttpStatusCode.NoContent)]
    [InlineData("Origin", "http://evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("Accept", "*/*", null, HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", "example", HttpStatusCode.NoContent)]
    [InlineData("Sec-Fetch-Site", "same-origin", "shop.example", HttpStatusCode.NoContent)]
    [InlineData("Sec-Fetch-Site", "same-origin", "other.example", HttpStatusCode.BadRequest)]
    [InlineData("Sec-Fetch-Site", "same-origin", "example%3B%20secure%3B%20samesite%3Dnone", HttpStatusCode.BadRequest)]
    [InlineData("Sec-Fetch-Site", "same-origin", "exa%0D%0Ample", HttpStatusCode.BadRequest)]
    public async Task The_cookie_is_written_by_the_rules_of_the_library(string name, string value, string? domain, HttpStatusCode expected)
    {
        await using var site = await SandboxSite.StartAsync();

        using var answer = await SendAsync(
            site, "GET", $"/sync?kameleoonVisitorCode=abc123{(domain is null ? "" : $"&domain={domain}")}", ("Host", "shop.example"), (name, value));

        answer.StatusCode.ShouldBe(expected);
        var scope = domain is null ? "" : $"; domain={domain}";
        (answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Single() : null).ShouldBe(
            expected == HttpStatusCode.NoContent
                ? $"kameleoonVisitorCode=abc123; max-age=32832000{scope}; path=/; samesite=lax"
                : null);
    }

    [Theory]
    [InlineData("a%0D%0Ab")]
    [InlineData("a%3Bb")]
    [InlineData("a%00b")]
    [InlineData("%C3%A9")]
    [InlineData("a&kameleoonVisitorCode=b")]
    [InlineData("")]
    public async Task What_is_no_visitor_code_writes_no_cookie(string code)
    {
        await using var site = await SandboxSite.StartAsync();

        using var answer = await SendAsync(site, "GET", $"/sync?kameleoonVisitorCode={code}", ("Sec-Fetch-Site", "same-origin"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task The_code_in_the_cookie_is_kept()
    {
        await using var site = await SandboxSite.StartAsync();

        using var answer = await SendAsync(
            site, "GET", "/sync?kameleoonVisitorCode=other", ("Sec-Fetch-Site", "same-origin"), ("Cookie", "kameleoonVisitorCode=known"));

        answer.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("kameleoonVisitorCode=known; ");
    }

    private static Task<HttpResponseMessage> SendAsync(
        SandboxSite site, string method, string path, params (string Name, string Value)[] headers) =>
        SendAsync(site, method, path, body: null, headers);

    private static async Task<HttpResponseMessage> SendAsync(
        SandboxSite site, string method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await site.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
