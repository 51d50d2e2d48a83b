namespace Kameleoon.Hybrid.Tests;

/// <summary>A script that leaves a page before its tag can run loses no exposure, and doubles none.</summary>
public sealed class LeftPageTests
{
    private static readonly (string, string) Anna = ("Cookie", "kameleoonVisitorCode=anna");

    private static readonly (string, string) Chrome =
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36");

    private static readonly (string, string)[] Scripted =
    [
        Anna, Chrome, ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Site", "same-origin"),
    ];

    [Theory]
    [InlineData("/page/checkout")]
    [InlineData(null)]
    public async Task The_page_that_a_script_opens_hands_the_exposure_to_the_engine(string? referrer)
    {
        await using var site = await StartAsync();

        await site.ReadAsync("/page/checkout", Anna);
        var landing = await site.ReadAsync("/tag", [.. Scripted, .. RefererOf(site, referrer)]);
        var later = await site.ReadAsync("/tag", Anna);

        landing.ShouldContain("7001,81001");
        landing.ShouldContain("e=7001.81001&r=1", Case.Sensitive, "the page reports as a later page than the first");
        later.ShouldNotContain("7001");
        site.Metrics.Sum("kameleoon.exposures.taken_back").ShouldBe(1);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_server_reports_for_a_page_without_the_tag_and_a_late_report_of_the_first_page_is_repeated()
    {
        await using var site = await StartAsync();

        await site.ReadAsync("/page/checkout", Anna);
        await site.ReadAsync("/plain", [.. Scripted, .. RefererOf(site, "/page/checkout")]);
        await SeenAsync(site, "e=7001.81001");

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "repeated").ShouldBe(1);
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    [Fact]
    public async Task Only_the_last_page_that_handed_the_exposure_over_reports_it()
    {
        await using var site = await StartAsync();

        await site.ReadAsync("/page/checkout", Anna);
        await site.ReadAsync("/tag?1", [.. Scripted, .. RefererOf(site, "/page/checkout")]);
        var last = await site.ReadAsync("/tag?2", [.. Scripted, .. RefererOf(site, "/tag?1")]);
        await SeenAsync(site, "e=7001.81001");
        await SeenAsync(site, "e=7001.81001&r=1");
        site.Metrics.Sum("kameleoon.exposures.reported").ShouldBe(0);
        await SeenAsync(site, "e=7001.81001&r=2");

        last.ShouldContain("e=7001.81001&r=2");
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "repeated").ShouldBe(2);
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["visitorCode"].ShouldBe("anna");
    }

    [Fact]
    public async Task A_page_that_shows_a_chosen_variation_does_not_take_back_what_the_page_before_passed_on()
    {
        await using var site = await StartAsync(static options => options.Simulation = SimulationPolicy.On);
        var chosen = Uri.EscapeDataString("""{"checkout":{"expId":0}}""");

        await site.ReadAsync("/page/checkout", Anna);
        var reloaded = await site.ReadAsync(
            "/page/checkout",
            [("Cookie", $"kameleoonVisitorCode=anna; kameleoonSimulationFFData={chosen}"), .. Scripted[1..], .. RefererOf(site, "/page/checkout")]);

        reloaded.ShouldNotContain("assignVariation");
        site.Metrics.Sum("kameleoon.exposures.taken_back").ShouldBe(0);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_page_has_reported_is_not_taken_back()
    {
        await using var site = await StartAsync();

        await site.ReadAsync("/page/checkout", Anna);
        await SeenAsync(site, "e=7001.81001");
        var landing = await site.ReadAsync("/tag", [.. Scripted, .. RefererOf(site, "/page/checkout")]);

        landing.ShouldNotContain("7001");
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("Sec-Fetch-User", "?1", "/page/checkout")] // a click
    [InlineData("Sec-Fetch-Site", "none", "/page/checkout")] // the address bar
    [InlineData("Sec-Fetch-Site", "cross-site", "/page/checkout")]
    [InlineData("Sec-Fetch-Mode", "", "/page/checkout")] // a browser without fetch metadata
    [InlineData("Sec-Fetch-Dest", "iframe", "/page/checkout")]
    [InlineData("Sec-Purpose", "prefetch", "/page/checkout")]
    [InlineData("Sec-Fetch-Site", "same-origin", "/other")] // another tab
    [InlineData("User-Agent", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", "/page/checkout")]
    [InlineData("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.0.0 Mobile/15E148 Safari/604.1", "/page/checkout")]
    [InlineData("User-Agent", "", "/page/checkout")]
    public async Task Other_requests_leave_the_exposure_to_the_engine(string name, string value, string referrer)
    {
        await using var site = await StartAsync();
        var headers = Scripted.Where(header => header.Item1 != name).Append((name, value)).Concat(RefererOf(site, referrer));

        await site.ReadAsync("/page/checkout", Anna);
        var landing = await site.ReadAsync("/tag", [.. headers]);

        landing.ShouldNotContain("7001");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_page_that_a_script_left_does_not_undo_what_the_first_page_passed_to_the_engine()
    {
        await using var site = await StartAsync();

        await site.ReadAsync("/page/checkout", Anna);
        await site.ReadAsync("/page/checkout?again", Anna);
        await site.ReadAsync("/plain", [.. Scripted, .. RefererOf(site, "/page/checkout?again")]);

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "repeated").ShouldBe(1);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_tabs_are_two_pages()
    {
        await using var site = await StartAsync();

        await site.ReadAsync("/page/checkout", Anna);
        await site.ReadAsync("/page/style", Anna);
        var landing = await site.ReadAsync("/tag", [.. Scripted, .. RefererOf(site, "/page/checkout")]);
        await SeenAsync(site, "e=7003.81003");

        landing.ShouldContain("7001,81001");
        landing.ShouldNotContain("7003");
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81003");
    }

    [Theory]
    [InlineData("/?from=ad", "/?from=ad", true)]
    [InlineData("/", "/", true)]
    [InlineData("/page/checkout", "/", true)] // a site whose pages send only their host
    [InlineData("/rewritten/checkout", "/rewritten/checkout", true)]
    [InlineData("/page/checkout?q=a%20b", "/page/checkout?q=a%20b", true)]
    [InlineData("/", "/shop/", false)]
    public async Task The_page_that_was_left_is_the_one_that_the_referrer_names(string left, string referrer, bool isTakenBack)
    {
        await using var site = await StartAsync();

        await site.ReadAsync(left, Anna);
        if (!left.StartsWith("/page", StringComparison.Ordinal))
        {
            await site.ReadAsync("/shop/", Anna);
        }

        var landing = await site.ReadAsync("/tag", [.. Scripted, ("Referer", site.Http.BaseAddress!.ToString().TrimEnd('/') + referrer)]);

        landing.Contains("7001,81001", StringComparison.Ordinal).ShouldBe(isTakenBack);
        landing.Contains("7003", StringComparison.Ordinal).ShouldBe(!isTakenBack);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_is_forgotten_after_the_time_for_which_redirects_carry()
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(clock: clock);

        await site.ReadAsync("/page/checkout", Anna);
        await site.MoveAsync(TimeSpan.FromSeconds(30));
        var landing = await site.ReadAsync("/tag", [.. Scripted, .. RefererOf(site, "/page/checkout")]);

        landing.ShouldNotContain("7001");
    }

    [Theory]
    [InlineData(ExposureOwner.Server)]
    [InlineData(ExposureOwner.Both)]
    public async Task The_server_that_reports_pages_reports_one_that_a_script_left_once(ExposureOwner owner)
    {
        await using var site = await StartAsync(options => options.ExposureBy = owner);

        await site.ReadAsync("/page/checkout", Anna);
        await site.ReadAsync("/plain", [.. Scripted, .. RefererOf(site, "/page/checkout")]);

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
    }

    private static (string, string)[] RefererOf(TestSite site, string? path) =>
        path is null ? [] : [("Referer", new Uri(site.Http.BaseAddress!, path).ToString())];

    private static async Task SeenAsync(TestSite site, string query)
    {
        using var _ = await site.SendAsync(HttpMethod.Post, "/kameleoon/seen?" + query, Anna, ("Sec-Fetch-Site", "same-origin"));
    }

    private static Task<TestSite> StartAsync(Action<KameleoonOptions>? options = null, TimeProvider? clock = null) =>
        TestSite.StartAsync(options, clock: clock, map: app =>
        {
            app.Use((context, next) =>
            {
                context.Request.Path = context.Request.Path.StartsWithSegments("/rewritten", StringComparison.Ordinal, out var rest)
                    ? "/page" + rest
                    : context.Request.Path;
                return next(context);
            });
            app.UseRouting();
            Pages.Map(app);
            app.MapGet("/", (IKameleoonClient client, HttpContext context) => Answer(client, context, "checkout"));
            app.MapGet("/shop/", (IKameleoonClient client, HttpContext context) => Answer(client, context, "style"));
            app.MapGet("/tag", (HttpContext context) => Results.Content(Pages.Tracking(context), "text/html"));
        });

    private static IResult Answer(IKameleoonClient client, HttpContext context, string flag)
    {
        client.GetVariation(flag);
        return Results.Content(Pages.Tracking(context), "text/html");
    }
}
