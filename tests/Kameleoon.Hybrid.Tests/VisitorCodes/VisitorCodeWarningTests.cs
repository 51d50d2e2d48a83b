using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kameleoon.Hybrid.Tests;

public sealed class VisitorCodeWarningTests
{
    [Theory]
    [InlineData(100, 0)]
    [InlineData(101, 1)]
    public async Task A_code_that_the_data_api_does_not_take_is_logged_once(int length, int entries)
    {
        await using var site = await TestSite.StartAsync();

        await site.ReadAsAsync(new string('x', length), "/code");
        await site.ReadAsAsync(new string('y', length), "/code");
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(new string('z', length));

        site.Log.Texts(214).Count().ShouldBe(entries);
        site.Log.Texts(214).ShouldAllBe(text => text.Contains("101 characters", StringComparison.Ordinal));
    }

    [Fact]
    public async Task So_is_one_that_the_application_gives()
    {
        await using var site = await TestSite.StartAsync();

        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(new string('z', 255));

        site.Log.Texts(214).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("kameleoonVisitorCode=one; kameleoonVisitorCode=two", 1)]
    [InlineData("kameleoonVisitorCode=one; a=b;kameleoonVisitorCode=", 1)]
    [InlineData("kameleoonVisitorCode=o ne; kameleoonVisitorCode=two", 1)]
    [InlineData("kameleoonVisitorCode=one; kameleoonVisitorCode=one", 0)]
    [InlineData("kameleoonVisitorCode=one; xkameleoonVisitorCode=two", 0)]
    [InlineData("kameleoonVisitorCode=one; kameleoonVisitorCodeStamp=20000.two", 0)]
    [InlineData("kameleoonVisitorCode=one; note=kameleoonVisitorCode=two", 0)]
    public async Task Cookies_that_contradict_each_other_are_logged_once(string cookies, int entries)
    {
        await using var site = await TestSite.StartAsync();

        await site.ReadAsync("/code", ("Cookie", cookies));
        await site.ReadAsync("/code", ("Cookie", cookies));

        site.Log.Texts(215).Count().ShouldBe(entries);
    }

    [Theory]
    [InlineData("kameleoonVisitorCode=one; kameleoonVisitorCode=one", true)]
    [InlineData("kameleoonVisitorCode=one; a=b; kameleoonVisitorCode=one", true)]
    [InlineData("kameleoonVisitorCode=one; kameleoonVisitorCode=two", false)]
    [InlineData("kameleoonVisitorCode=one; note=kameleoonVisitorCode=one", false)]
    [InlineData("kameleoonVisitorCode=one", false)]
    public async Task The_same_code_in_two_cookies_is_logged_once_and_shown_by_the_health_check(string cookies, bool isPair)
    {
        await using var site = await TestSite.StartAsync(
            services: services => services.AddHealthChecks().AddKameleoonHybrid());

        await site.ReadAsync("/code", ("Cookie", cookies), ("Host", "www.shop.example"));
        await site.ReadAsync("/code", ("Cookie", cookies), ("Host", "www.shop.example"));
        var health = await site.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        site.Log.Texts(227).Count().ShouldBe(isPair ? 1 : 0);
        site.Log.Texts(227).ShouldAllBe(text => text.Contains(
            "Set Kameleoon:Cookie:Domain to the registrable domain of www.shop.example", StringComparison.Ordinal));
        var data = health.Entries.Single().Value.Data;
        data.ContainsKey("duplicateCookie").ShouldBe(isPair);
        if (isPair)
        {
            data["duplicateCookie"].ToString()!.ShouldContain("Kameleoon:Cookie:Domain");
        }
    }

    [Fact]
    public async Task With_a_domain_the_host_s_own_cookie_of_a_pair_is_removed_without_a_warning()
    {
        await using var site = await TestSite.StartAsync(options => options.Cookie.Domain = "shop.example");

        using var response = await site.GetAsync(
            "/code", ("Cookie", "kameleoonVisitorCode=one; kameleoonVisitorCode=one"), ("Host", "www.shop.example"));

        var cookies = VisitorCodeTests.SetCookies(response);
        cookies[0].ShouldStartWith("kameleoonVisitorCode=; expires=Thu, 01 Jan 1970");
        cookies[0].ShouldNotContain("domain=");
        cookies[1].ShouldStartWith("kameleoonVisitorCode=one; ");
        cookies[1].ShouldContain("; domain=shop.example; ");
        site.Log.Texts(227).ShouldBeEmpty();
    }
}
