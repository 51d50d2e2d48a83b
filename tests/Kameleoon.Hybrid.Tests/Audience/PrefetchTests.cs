using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Pages that a browser fetches ahead: whole, in case they are shown, but not counted.</summary>
public sealed class PrefetchTests
{
    [Theory]
    [InlineData("Sec-Purpose", "prefetch")]
    [InlineData("Sec-Purpose", "prefetch;prerender")]
    [InlineData("Sec-Purpose", "prefetch;anonymous-client-ip")]
    [InlineData("Purpose", "prefetch")]
    [InlineData("X-Moz", "prefetch")]
    [InlineData("X-Purpose", "preview")]
    [InlineData("Purpose", "preview")]
    [Spec("H10")]
    public async Task A_prefetched_page_is_the_same_html_and_the_server_reports_nothing(string header, string value)
    {
        await using var site = await TestSite.StartAsync();
        var visitor = ("Cookie", "kameleoonVisitorCode=someone");

        var ahead = await site.ReadAsync("/page/checkout", visitor, (header, value));
        (await site.ReadAsync("/page/checkout", visitor)).ShouldBe(ahead);

        ahead.ShouldContain("7001,81001");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Log.Texts(304).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("X-Sec-Purpose", "prefetch")]
    [InlineData("HX-Preloaded", "true")]
    [InlineData("Next-Router-Prefetch", "1")]
    [InlineData("X-Shop-Ahead", "yes")]
    public async Task What_a_script_fetches_ahead_has_the_tag_without_its_image_and_the_server_reports_nothing(
        string header, string value)
    {
        await using var site = await TestSite.StartAsync(options => options.PrefetchHeaders.Add("X-Shop-Ahead"));

        var ahead = await site.ReadAsync(
            "/page/checkout", ("Cookie", "kameleoonVisitorCode=someone"), ("Sec-Fetch-Dest", "empty"), (header, value));

        ahead.ShouldContain("['Experiments.assignVariation',7001,81001,true]");
        ahead.ShouldNotContain("<noscript>");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("HX-Preloaded", "false")]
    [InlineData("Next-Router-Prefetch", "0")]
    [InlineData("X-Shop-Ahead", "")]
    [InlineData("X-Sec-Purpose", "other")]
    public async Task A_header_that_says_no_makes_nothing_fetched_ahead(string header, string value)
    {
        await using var site = await TestSite.StartAsync(options => options.PrefetchHeaders.Add("X-Shop-Ahead"));

        await site.ReadAsync(
            "/page/checkout", ("Cookie", "kameleoonVisitorCode=someone"), ("Sec-Fetch-Dest", "empty"), (header, value));

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    [Fact]
    public async Task A_script_that_fetches_ahead_gets_the_page_even_where_browsers_are_refused()
    {
        await using var site = await TestSite.StartAsync(options => options.Prefetch = PrefetchPolicy.Refuse);

        using var response = await site.GetAsync("/plain", ("X-Sec-Purpose", "prefetch"), ("Sec-Fetch-Dest", "empty"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Where_the_server_reports_a_page_fetched_ahead_tells_it_once_it_is_shown()
    {
        await using var site = await TestSite.StartAsync(options => options.ExposureBy = ExposureOwner.Server);
        var visitor = ("Cookie", "kameleoonVisitorCode=someone");

        var ahead = await site.ReadAsync("/page/checkout", visitor, ("Sec-Purpose", "prefetch;prerender"));
        site.App.Services.GetRequiredService<TrackingQueue>().Queued.ShouldBe(0);

        ahead.ShouldContain("if(d.prerendering)");
        ahead.ShouldNotContain("assignVariation");
        var address = ahead.Split("new Image().src=\"")[1].Split('"')[0];
        using var seen = await site.GetAsync(address, visitor, ("Sec-Fetch-Dest", "image"));
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
        site.Log.Texts(404).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    public async Task With_both_owners_the_server_reports_its_share_of_a_page_fetched_ahead_once_it_is_shown(int shown, int byServer)
    {
        await using var site = await TestSite.StartAsync(options => options.ExposureBy = ExposureOwner.Both);
        var visitor = ("Cookie", "kameleoonVisitorCode=someone");

        var ahead = await site.ReadAsync("/page/checkout", visitor, ("Sec-Purpose", "prefetch;prerender"));
        await site.CompletedAsync();
        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(0);
        ahead.ShouldContain("assignVariation',7001,81001");
        var address = ahead.Split("new Image().src=\"")[1].Split('"')[0];
        for (var i = 0; i < shown; i++)
        {
            using var seen = await site.GetAsync(address, visitor, ("Sec-Fetch-Dest", "image"));
        }

        (await site.StopAndReadEventsAsync()).Count(static sent => sent["variationId"] == "81001").ShouldBe(byServer);
    }

    [Fact]
    public async Task Without_a_tag_it_cannot_tell_and_the_log_says_so_once()
    {
        await using var site = await TestSite.StartAsync(options => options.ExposureBy = ExposureOwner.Server);

        for (var i = 0; i < 2; i++)
        {
            await site.ReadAsync("/decide/checkout", ("Cookie", "kameleoonVisitorCode=someone"), ("Sec-Purpose", "prefetch"));
        }

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Log.Texts(404).ShouldHaveSingleItem().ShouldContain("<kameleoon-tracking />");
    }

    [Fact]
    public async Task A_new_visitor_gets_the_cookie_with_it_since_no_other_request_follows()
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.GetAsync(
            "/page/checkout", ("Sec-Purpose", "prefetch"), ("Sec-Fetch-Dest", "document"));

        VisitorCodeTests.SetCookies(response).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("prefetch;prerender", null)]
    [InlineData("prefetch;prerender", "document")]
    [InlineData("prefetch", "document")]
    [InlineData("prefetch", "empty")]
    public async Task Refused_it_is_asked_for_again_when_the_visitor_comes(string purpose, string? destination)
    {
        var ran = 0;
        await using var site = await TestSite.StartAsync(
            options => options.Prefetch = PrefetchPolicy.Refuse,
            app => app.Map("/", () => Interlocked.Increment(ref ran)));
        (string, string)[] fetch = destination is null ? [] : [("Sec-Fetch-Dest", destination)];

        using var ahead = await site.GetAsync("/", [("Sec-Purpose", purpose), .. fetch]);
        using var shown = await site.GetAsync("/", fetch);

        ahead.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ahead.Headers.CacheControl!.ToString().ShouldBe("no-store");
        VisitorCodeTests.SetCookies(ahead).ShouldBeEmpty();
        shown.StatusCode.ShouldBe(HttpStatusCode.OK);
        ran.ShouldBe(1);
    }

    [Theory]
    [InlineData("script")]
    [InlineData("empty")]
    public async Task What_a_prerendered_page_loads_is_not_refused(string destination)
    {
        await using var site = await TestSite.StartAsync(options => options.Prefetch = PrefetchPolicy.Refuse);

        (await site.ReadAsync("/plain", ("Sec-Purpose", "prefetch;prerender"), ("Sec-Fetch-Dest", destination)))
            .ShouldBe("hello");
    }

    [Fact]
    public async Task A_login_makes_the_browser_forget_what_was_fetched_for_who_the_visitor_was()
    {
        await using var site = await TestSite.StartAsync(map: app => app.MapPost("/login", (HttpContext context) =>
        {
            context.Response.Headers["Clear-Site-Data"] = "\"cache\"";
            context.Response.ForgetPrefetchedPages();
        }));

        using var response = await site.SendAsync(HttpMethod.Post, "/login");

        response.Headers.GetValues("Clear-Site-Data").ShouldBe(["\"cache\"", "\"prefetchCache\", \"prerenderCache\""]);
    }
}
