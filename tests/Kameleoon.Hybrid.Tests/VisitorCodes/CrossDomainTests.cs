using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>One visitor on several domains, on the server's side.</summary>
public sealed class CrossDomainTests
{
    private const string FirstPage = "https://www.first.test/page";

    [Theory]
    [InlineData(FirstPage, "brought", true)]
    [InlineData("https://first.test/", "brought", true)]
    [InlineData("https://shop.second.test/", "brought", false)]
    [InlineData("https://notfirst.test/", "brought", false)]
    [InlineData("https://first.test.evil.test/", "brought", false)]
    [InlineData(null, "brought", false)]
    [InlineData(FirstPage, "no%3Bcode", false)]
    [InlineData(FirstPage, "one&kameleoonVisitorCode=two", false)]
    public async Task A_code_is_taken_over_only_from_pages_of_the_configured_domains(string? referrer, string code, bool isTaken)
    {
        await using var site = await StartAsync();

        (string, string)[] headers = [.. Visit, .. referrer is null ? [] : (IEnumerable<(string, string)>)[("Referer", referrer)]];
        using var response = await site.GetAsync("/code?kameleoonVisitorCode=" + code, headers);

        (await response.Content.ReadAsStringAsync() == "brought").ShouldBe(isTaken);
    }

    [Fact]
    public async Task The_code_of_the_other_domain_replaces_the_cookie_as_it_does_in_the_engine()
    {
        await using var site = await StartAsync();

        using var response = await site.GetAsync(
            "/code?kameleoonVisitorCode=brought", [.. Visit, ("Referer", FirstPage), ("Cookie", "kameleoonVisitorCode=mine")]);

        (await response.Content.ReadAsStringAsync()).ShouldBe("brought");
        response.Headers.GetValues("Set-Cookie").First().ShouldStartWith("kameleoonVisitorCode=brought;");
    }

    [Theory]
    [InlineData("navigate", "document", true)]
    [InlineData("cors", "empty", false)]
    [InlineData(null, null, false)]
    public async Task A_form_that_a_page_of_the_other_domain_sends_with_POST_brings_the_code_and_a_script_does_not(
        string? mode, string? destination, bool isTaken)
    {
        await using var site = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/code?kameleoonVisitorCode=brought");
        request.Headers.Add("Host", "pay.second.test");
        request.Headers.Add("Referer", FirstPage);
        if (mode is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", "cross-site");
            request.Headers.Add("Sec-Fetch-Mode", mode);
            request.Headers.Add("Sec-Fetch-Dest", destination);
        }

        using var response = await site.Http.SendAsync(request);

        (await response.Content.ReadAsStringAsync() == "brought").ShouldBe(isTaken);
        (response.Headers.TryGetValues("Set-Cookie", out var cookies)
            && cookies.First().StartsWith("kameleoonVisitorCode=brought;", StringComparison.Ordinal)).ShouldBe(isTaken);
    }

    [Theory]
    [InlineData("https://pay.second.test/a?b=c%20d#e", "https://pay.second.test/a?b=c%20d&kameleoonVisitorCode=someone#e")]
    [InlineData("https://second.test?kameleoonVisitorCode=old", "https://second.test?kameleoonVisitorCode=someone")]
    [InlineData("//second.test/", "//second.test/?kameleoonVisitorCode=someone")]
    [InlineData("https://shop.first.test/", "https://shop.first.test/")]
    [InlineData("https://notsecond.test/", "https://notsecond.test/")]
    [InlineData("https://second.test.evil.test/", "https://second.test.evil.test/")]
    [InlineData("https://second.test@evil.test/", "https://second.test@evil.test/")]
    [InlineData("ftp://second.test/", "ftp://second.test/")]
    [InlineData("/second.test", "/second.test")]
    [InlineData("", "")]
    public async Task The_client_completes_addresses_of_the_other_domains_and_no_others(string address, string expected)
    {
        await using var site = await StartAsync(map: app => app.MapGet(
            "/link", (IKameleoonClient client) => client.GetCrossDomainLink(address)));

        using var response = await site.GetAsync(
            "/link", ("Host", "www.first.test"), ("Cookie", "kameleoonVisitorCode=someone"));

        (await response.Content.ReadAsStringAsync()).ShouldBe(expected);
        if (address != expected)
        {
            response.Headers.CacheControl!.Private.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Outside_of_a_request_the_client_leaves_addresses_as_they_are()
    {
        await using var site = await StartAsync();
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("someone");

        client.GetCrossDomainLink("https://pay.second.test/").ShouldBe("https://pay.second.test/");
        Should.Throw<ArgumentNullException>(() => client.GetCrossDomainLink(null!));
    }

    [Fact]
    public async Task Without_the_setting_the_parameter_of_another_site_is_not_read()
    {
        await using var site = await StartAsync([]);

        using var response = await site.GetAsync("/code?kameleoonVisitorCode=brought", [.. Visit, ("Referer", FirstPage)]);

        (await response.Content.ReadAsStringAsync()).ShouldNotBe("brought", StringComparer.Ordinal);
    }

    [Fact]
    public async Task Links_and_forms_to_the_other_domains_carry_the_code_and_no_others()
    {
        await using var site = await TagSite.StartAsync(Share);

        using var response = await site.GetAsync(
            "/cross-domain", ("Host", "www.first.test"), ("Cookie", "kameleoonVisitorCode=someone"), ("Sec-Fetch-Mode", "navigate"));
        using var page = TagSite.Parse(await response.Content.ReadAsStringAsync());
        string? Address(string id) => AttributeOf(id, "href") ?? AttributeOf(id, "action") ?? AttributeOf(id, "formaction");
        string? AttributeOf(string id, string name) => page.GetElementById(id)!.GetAttribute(name);

        Address("link").ShouldBe("https://pay.second.test/cart?a=b%20c&kameleoonVisitorCode=someone#part");
        Address("relative").ShouldBe("//second.test?kameleoonVisitorCode=someone");
        Address("own").ShouldBe("https://shop.first.test/cart");
        Address("stranger").ShouldBe("https://notsecond.test/cart");
        Address("path").ShouldBe("/cart");
        Address("script").ShouldBe("javascript:go()");
        Address("plain").ShouldBe("https://pay.second.test/cart");
        Address("post").ShouldBe("https://pay.second.test/cart?a=b&kameleoonVisitorCode=someone");
        Address("button").ShouldBe("https://pay.second.test/cart?a=b&kameleoonVisitorCode=someone");
        Address("input").ShouldBe("//second.test/cart?kameleoonVisitorCode=someone");
        Address("here").ShouldBe("/cart");
        Address("nowhere").ShouldBeNull();
        Address("get").ShouldBe("https://pay.second.test/cart?a=b");
        page.QuerySelector("#get input[type=hidden][name=kameleoonVisitorCode]")!.GetAttribute("value").ShouldBe("someone");
        page.QuerySelectorAll("[kameleoon-cross-domain]").ShouldBeEmpty();
        response.Headers.CacheControl!.Private.ShouldBeTrue();
    }

    [Theory]
    [InlineData("kameleoonVisitorCode=some:one", "Mozilla/5.0")]
    [InlineData("kameleoonVisitorCode=someone", "Googlebot/2.1 (+http://www.google.com/bot.html)")]
    public async Task A_code_that_no_address_can_carry_and_a_bot_s_stay_here(string cookie, string agent)
    {
        await using var site = await TagSite.StartAsync(Share);

        var html = await (await site.GetAsync(
            "/cross-domain", ("Host", "www.first.test"), ("Cookie", cookie), ("User-Agent", agent))).Content.ReadAsStringAsync();

        html.ShouldContain("href=\"https://pay.second.test/cart?a=b%20c");
        html.ShouldNotContain("kameleoonVisitorCode=some");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("first.test/path")]
    [InlineData("first.test:8080")]
    [InlineData("127.0.0.1")]
    [InlineData("")]
    public async Task A_setting_that_is_no_domain_stops_the_start(string domain)
    {
        var refused = await Should.ThrowAsync<OptionsValidationException>(() => StartAsync([domain]));

        refused.Message.ShouldContain($"Kameleoon:CrossDomains has '{domain}'.");
    }

    private static readonly (string, string)[] Visit =
        [("Host", "pay.second.test"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];

    private static void Share(KameleoonOptions options)
    {
        options.CrossDomains.Add("first.test");
        options.CrossDomains.Add("second.test");
    }

    private static Task<TestSite> StartAsync(string[]? domains = null, Action<WebApplication>? map = null) => TestSite.StartAsync(
        options =>
        {
            foreach (var domain in domains ?? ["first.test", "https://Second.test"])
            {
                options.CrossDomains.Add(domain);
            }
        },
        app =>
        {
            app.MapMethods("/code", ["GET", "POST"], (IKameleoonClient client) => client.GetVisitorCode());
            map?.Invoke(app);
        });
}
