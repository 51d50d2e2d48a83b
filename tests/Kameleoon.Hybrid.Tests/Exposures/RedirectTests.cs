namespace Kameleoon.Hybrid.Tests;

/// <summary>The exposures of a redirect wait for the visitor's next page.</summary>
public sealed class RedirectTests
{
    private static readonly (string, string) Anna = ("Cookie", "kameleoonVisitorCode=anna");

    [Theory]
    [InlineData("GET", 301)]
    [InlineData("GET", 302)]
    [InlineData("POST", 303)]
    [InlineData("PUT", 307)]
    [InlineData("POST", 308)]
    public async Task The_next_page_hands_the_exposure_of_a_redirect_to_the_engine(string method, int status)
    {
        await using var site = await StartAsync();

        using var redirect = await site.SendAsync(new HttpMethod(method), $"/redirect/{status}/checkout", Anna);
        var landing = await site.ReadAsync("/tag", Anna);
        var later = await site.ReadAsync("/tag", Anna);

        ((int)redirect.StatusCode).ShouldBe(status);
        landing.ShouldContain("7001,81001");
        later.ShouldNotContain("7001");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/plain")]
    [InlineData("/decide/checkout")]
    [InlineData("/fails")]
    public async Task A_next_page_without_the_tag_leaves_the_exposure_to_the_server(string path)
    {
        await using var site = await StartAsync();

        using var redirect = await site.SendAsync(HttpMethod.Post, "/redirect/302/checkout", Anna);
        using var landing = await site.GetAsync(path, Anna);

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    [Fact]
    public async Task The_server_reports_the_exposure_if_no_page_comes_in_time()
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(options => options.Tracking.CarryFor = TimeSpan.FromSeconds(20), clock);
        using var redirect = await site.GetAsync("/redirect/302/checkout", Anna);
        await Eventually.IsTrueAsync(clock.IsAwaitedBy<CarriedExposures>);
        await site.CompletedAsync();

        await site.MoveAsync(TimeSpan.FromSeconds(19));
        site.Metrics.Sum("kameleoon.exposures.reported").ShouldBe(0);
        await site.MoveAsync(TimeSpan.FromSeconds(1));

        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "redirect") == 1);
        (await site.ReadAsync("/tag", Anna)).ShouldNotContain("7001");
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["visitorCode"].ShouldBe("anna");
    }

    [Fact]
    public async Task The_exposure_survives_several_redirects_and_is_nobody_else_s()
    {
        await using var site = await StartAsync();

        using var first = await site.GetAsync("/redirect/302/checkout", Anna);
        using var second = await site.GetAsync("/redirect/302/checkout", Anna);
        using var third = await site.GetAsync("/redirect/302/style", Anna);
        var other = await site.ReadAsync("/tag", ("Cookie", "kameleoonVisitorCode=ben"));
        var landing = await site.ReadAsync("/tag", Anna);

        other.ShouldNotContain("700");
        landing.Split("assignVariation").Length.ShouldBe(3);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_fetched_ahead_or_by_a_script_does_not_take_the_exposure()
    {
        await using var site = await StartAsync();

        using var redirect = await site.GetAsync("/redirect/302/checkout", Anna);
        var ahead = await site.ReadAsync("/tag", Anna, ("Sec-Purpose", "prefetch"));
        await site.ReadAsync("/decide/style", Anna, ("Sec-Fetch-Dest", "empty"));
        var landing = await site.ReadAsync("/tag", Anna);

        ahead.ShouldNotContain("7001");
        landing.ShouldContain("7001,81001");
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81003");
    }

    [Theory]
    [InlineData(ExposureOwner.Server, 1, false)]
    [InlineData(ExposureOwner.Both, 1, true)]
    public async Task The_owner_of_exposures_reports_those_of_redirects(ExposureOwner owner, int reported, bool isInPage)
    {
        await using var site = await StartAsync(options => options.ExposureBy = owner);

        using var redirect = await site.GetAsync("/redirect/302/checkout", Anna);
        var landing = await site.ReadAsync("/tag", Anna);

        landing.Contains("7001,81001", StringComparison.Ordinal).ShouldBe(isInPage);
        (await site.StopAndReadEventsAsync()).Count.ShouldBe(reported);
    }

    [Fact]
    public async Task A_new_visitor_s_exposure_waits_under_the_code_in_the_cookie()
    {
        await using var site = await StartAsync();

        using var redirect = await site.GetAsync("/redirect/302/checkout");
        var code = VisitorCodeTests.SetCookies(redirect)[0].Split('=', ';')[1];
        var landing = await site.ReadAsync("/tag", ("Cookie", "kameleoonVisitorCode=" + code));

        landing.ShouldContain("7001,81001");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_stop_reports_no_waiting_exposure_that_the_server_has_reported_in_the_session()
    {
        await using var site = await StartAsync();

        await site.ReadAsync("/decide/checkout", Anna);
        using var redirect = await site.GetAsync("/redirect/302/checkout", Anna);

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
        site.Metrics.Sum("kameleoon.exposures.reported").ShouldBe(1);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "repeated").ShouldBe(1);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task What_waits_when_the_visitor_refuses_is_counted_once_as_discarded(bool hasNextPage, bool isInTime)
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(clock: clock, platform: DataFiles.Serving(DataFiles.Site("REQUIRED")));
        using var redirect = await site.GetAsync("/redirect/302/checkout", Anna);
        await Eventually.IsTrueAsync(clock.IsAwaitedBy<CarriedExposures>);

        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna").SetLegalConsent(false);
        if (hasNextPage)
        {
            (await site.ReadAsync("/tag", Anna)).ShouldNotContain("7001");
        }
        else if (isInTime)
        {
            await site.MoveAsync(TimeSpan.FromSeconds(30));
        }

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.exposures.reported").ShouldBe(0);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "consent").ShouldBe(1);
    }

    [Fact]
    public async Task The_next_page_may_come_before_the_redirect_is_complete()
    {
        var landed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await TestSite.StartAsync(
            before: app => app.Use(async (context, next) =>
            {
                await next();
                if (context.Request.Path == "/moved")
                {
                    await context.Response.CompleteAsync();
                    await landed.Task;
                }
            }),
            map: app =>
            {
                Map(app);
                app.MapGet("/moved", (IKameleoonClient client) =>
                {
                    client.GetVariation("checkout");
                    return Results.Redirect("/tag");
                });
            });

        using var otherConnection = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        otherConnection.DefaultRequestHeaders.Add(Anna.Item1, Anna.Item2);
        using var redirect = await otherConnection.GetAsync(new Uri(site.Http.BaseAddress!, "/moved"));
        var landing = await site.ReadAsync("/tag", Anna);
        landed.SetResult();

        landing.ShouldContain("7001,81001");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_that_gives_the_browser_no_code_carries_nothing()
    {
        await using var site = await StartAsync();

        using var redirect = await site.GetAsync("/redirect/302/checkout", ("Sec-Fetch-Dest", "empty"));

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.exposures.reported").ShouldBe(0);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "unshared").ShouldBe(1);
    }

    [Fact]
    public async Task A_bot_s_redirect_is_discarded()
    {
        await using var site = await StartAsync();

        using var redirect = await site.GetAsync("/redirect/302/checkout", Anna, ("User-Agent", Agents.Googlebot));
        await site.CompletedAsync();

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_server_does_not_report_in_the_session_what_the_engine_was_given()
    {
        await using var site = await StartAsync();

        await site.ReadAsync("/page/checkout", Anna);
        await site.ReadAsync("/decide/checkout", Anna);
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna").GetVariation("checkout");

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "repeated").ShouldBe(2);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    private static Task<TestSite> StartAsync(
        Action<KameleoonOptions>? options = null, TimeProvider? clock = null, StubPlatform? platform = null) =>
        TestSite.StartAsync(options, Map, platform, clock);

    private static void Map(WebApplication app)
    {
        Pages.Map(app);
        app.MapMethods("/redirect/{status:int}/{key}", ["GET", "POST", "PUT"], (
            int status, string key, IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation(key);
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/tag";
        });
        app.MapGet("/tag", (HttpContext context) => Results.Content(Pages.Tracking(context), "text/html"));
        app.MapGet("/fails", string () => throw new InvalidOperationException("On purpose."));
    }
}
