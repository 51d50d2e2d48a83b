using System.Net;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Blazor.Tests;

/// <summary>Our components in <c>App.razor</c>, beside the routes, on pages that are rendered on the server.</summary>
public sealed partial class StaticPageTests
{
    [Theory]
    [InlineData("/nested")]
    [InlineData("/slow")]
    [InlineData("/circuit")]
    public async Task Tracking_beside_the_routes_carries_what_pages_and_nested_components_decide(string path)
    {
        await using var site = await BlazorSite.StartAsync();

        var html = await site.ReadAsync(path);

        html.ShouldContain(">on</p>");
        Triggered(html).ShouldBe(["7001"]);
        (await site.ReadServerExposuresAsync("someone")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Tracking_beside_the_routes_carries_what_the_layout_and_the_page_decide()
    {
        await using var site = await BlazorSite.StartAsync();

        var html = await site.ReadAsync("/nested?layout");

        Triggered(html).Order(StringComparer.Ordinal).ShouldBe(["7001", "7002"]);
        (await site.ReadServerExposuresAsync("someone")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Tracking_beside_the_routes_carries_what_the_handler_of_a_form_decides()
    {
        await using var site = await BlazorSite.StartAsync();
        using var form = await site.SendAsync(HttpMethod.Get, "/form", "someone");
        var empty = await form.Content.ReadAsStringAsync();
        var token = Token().Match(empty).Groups[1].Value;
        var cookie = form.Headers.GetValues("Set-Cookie").Single(set => set.Contains("Antiforgery", StringComparison.Ordinal));

        using var response = await site.SendAsync(
            HttpMethod.Post,
            "/form",
            "someone",
            new FormUrlEncodedContent([new("_handler", "order"), new("__RequestVerificationToken", token)]),
            cookie.Split(';')[0]);
        var html = await response.Content.ReadAsStringAsync();

        Triggered(empty).ShouldBeEmpty();
        html.ShouldContain("<p id=\"ordered\">on</p>");
        Triggered(html).ShouldBe(["7001"]);
        (await site.ReadServerExposuresAsync("someone")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Under_required_consent_the_page_passes_its_code_to_the_engine_before_the_engine_starts()
    {
        await using var site = await BlazorSite.StartAsync(BlazorSite.DataFile(consentType: "REQUIRED"));

        var html = await site.ReadAsync("/nested", visitor: null);

        var imposed = Imposed().Matches(html);
        imposed.Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        imposed[0].Index.ShouldBeLessThan(html.IndexOf("id=\"kameleoonEngine\"", StringComparison.Ordinal));
        Triggered(html).ShouldBe(["7001"]);
    }

    [Fact]
    public async Task A_page_without_a_decision_gets_the_engine_alone()
    {
        await using var site = await BlazorSite.StartAsync(BlazorSite.DataFile(consentType: "REQUIRED"));

        var html = await site.ReadAsync("/", visitor: null);

        html.ShouldContain("id=\"kameleoonEngine\"");
        html.ShouldNotContain("setVisitorCode");
        Triggered(html).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_streamed_page_carries_what_came_first_and_the_server_reports_and_logs_the_rest()
    {
        await using var site = await BlazorSite.StartAsync();
        using var response = await site.SendAsync(HttpMethod.Get, "/streamed", "someone");

        site.Gate.Open();
        var html = await response.Content.ReadAsStringAsync();

        html.ShouldContain("<p class=\"banner\" id=\"banner-style\">on</p>");
        Triggered(html).ShouldBe(["7001"]);
        (await site.ReadServerExposuresAsync("someone")).ShouldBe(["7002/81002"]);
        site.Log.Where(entry => entry.Id == 410).ShouldHaveSingleItem().Text.ShouldContain("/streamed");
    }

    [Fact]
    public async Task What_a_page_that_redirects_decides_goes_to_the_engine_with_the_next_page()
    {
        await using var site = await BlazorSite.StartAsync();

        using var moved = await site.SendAsync(HttpMethod.Get, "/moved", "someone");
        await moved.Content.ReadAsByteArrayAsync();
        var landing = await site.ReadAsync("/");
        var later = await site.ReadAsync("/");

        moved.StatusCode.ShouldBe(HttpStatusCode.Found);
        Triggered(landing).ShouldBe(["7001"]);
        Triggered(later).ShouldBeEmpty();
        (await site.ReadServerExposuresAsync("someone")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_server_reports_what_a_page_that_fails_decided()
    {
        await using var site = await BlazorSite.StartAsync();

        using var failed = await site.SendAsync(HttpMethod.Get, "/fails", "someone");
        await failed.Content.ReadAsByteArrayAsync();
        var later = await site.ReadAsync("/");

        failed.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        Triggered(later).ShouldBeEmpty();
        (await site.ReadServerExposuresAsync("someone")).ShouldBe(["7001/81001"]);
    }

    [Fact]
    public async Task Links_to_the_site_s_other_domains_carry_the_visitor_code_outside_of_circuits()
    {
        await using var site = await BlazorSite.StartAsync(
            options: options =>
            {
                options.CrossDomains.Add("first.test");
                options.CrossDomains.Add("second.test");
            });

        var html = await site.ReadAsync("/domains");

        html.ShouldContain(
            "<a id=\"other\" class=\"pay\" href=\"https://pay.second.test/cart?a=b&amp;kameleoonVisitorCode=someone\">pay</a>");
        html.ShouldContain("<a id=\"own\" href=\"/cart\">cart</a>");
        html.ShouldContain("<a id=\"island\" href=\"https://pay.second.test/\"></a>");
    }

    private static string[] Triggered(string html) => [.. Trigger().Matches(html).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"\['Experiments\.trigger',(?<id>\d+)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Trigger();

    [GeneratedRegex("""setVisitorCode","(?<code>[^"]+)""", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Imposed();

    [GeneratedRegex(
        """name="__RequestVerificationToken" value="(?<token>[^"]+)""", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Token();
}
