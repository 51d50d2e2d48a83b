namespace Kameleoon.Hybrid.Tests;

/// <summary>What a visitor who was not asked, agreed or refused gets, and what of it is reported.</summary>
public sealed class ConsentTests
{
    private const string Anna = "kameleoonVisitorCode=anna";

    [Fact]
    public async Task What_an_undecided_visitor_did_waits_and_leaves_with_the_consent()
    {
        await using var site = await StartAsync();
        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("on");
        await site.ReadAsAsync("bert", "/decide/checkout");

        await site.ReadAsAsync("anna", "/consent/true");

        var sent = (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
        sent["id"].ShouldBe("7001");
        sent["visitorCode"].ShouldBe("anna");
        site.Log.Texts(304).ShouldHaveSingleItem().ShouldBe("1 events were not reported: consent.");
    }

    [Fact]
    public async Task A_refusal_ends_experiments_and_drops_what_waited_while_deliveries_go_on()
    {
        await using var site = await StartAsync();
        await site.ReadAsAsync("anna", "/decide/checkout");

        await site.ReadAsAsync("anna", "/consent/false");
        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("off");
        (await site.ReadAsAsync("anna", "/decide/delivery")).ShouldBe("on");
        await site.ReadAsAsync("anna", "/consent/true");

        (await site.ReadAsAsync("anna", "/look/checkout")).ShouldBe("on");
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["id"].ShouldBe("7002");
    }

    [Fact]
    public async Task Where_no_consent_is_required_a_refusal_changes_nothing()
    {
        await using var site = await StartAsync("NOT_REQUIRED");

        using var response = await site.GetAsync("/consent/false", ("Cookie", Anna));

        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("on");
        VisitorCodeTests.SetCookies(response).ShouldAllBe(cookie => !cookie.Contains("max-age=0", StringComparison.Ordinal));
        (await site.StopAndReadEventsAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(true, false, true)]
    [InlineData(false, null, false)]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    public async Task The_cookie_comes_with_consent_or_with_a_delivery_that_needs_it(bool delivers, bool? answer, bool set)
    {
        await using var site = await StartAsync(delivers: delivers);

        using var response = await site.GetAsync(answer is null ? "/plain" : $"/consent/{answer}");

        VisitorCodeTests.SetCookies(response).Count(static cookie => cookie.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal))
            .ShouldBe(set ? 1 : 0);
    }

    [Theory]
    [InlineData("GET", "", "document")]
    [InlineData("GET", "", "empty")]
    [InlineData("POST", "?kameleoonVisitorCode=frompage", "empty")]
    public async Task A_refusal_before_there_is_a_cookie_is_remembered_and_names_no_one(string method, string query, string destination)
    {
        await using var site = await StartAsync(delivers: false, map: static app =>
        {
            MapPages(app);
            app.MapPost("/consent/false", static (IKameleoonClient client) => client.SetLegalConsent(false));
        });

        var refused = Jar(await site.SendAsync(
            new HttpMethod(method), "/consent/false" + query, ("Sec-Fetch-Dest", destination), ("Sec-Fetch-Site", "same-origin")));
        using var later = await site.GetAsync("/decide/checkout", ("Cookie", refused));

        refused.ShouldBe("kameleoonVisitorCodeStamp=refused");
        (await later.Content.ReadAsStringAsync()).ShouldBe("off");
        VisitorCodeTests.SetCookies(later).ShouldBeEmpty();
        site.Log.Texts(216).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_that_a_provider_reads_in_each_request_needs_no_mark()
    {
        await using var site = await StartAsync(delivers: false, services: static services =>
            services.AddSingleton<IKameleoonConsentProvider, BannerCookie>());

        using var response = await site.GetAsync("/decide/checkout", ("Cookie", "banner=no"));

        (await response.Content.ReadAsStringAsync()).ShouldBe("off");
        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_consent_the_cookie_a_browser_has_is_not_renewed()
    {
        await using var site = await StartAsync(delivers: false);

        using var response = await site.GetAsync("/page/checkout", ("Cookie", Anna));

        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, true, 3)]
    [InlineData(false, false, 0)]
    [InlineData(true, true, 0)]
    public async Task A_withdrawal_removes_the_cookie_unless_a_delivery_needs_it(bool delivers, bool remove, int removed)
    {
        await using var site = await StartAsync(delivers: delivers, options: options =>
        {
            options.Cookie.Domain = "example.com";
            options.Consent.RemoveCookie = remove;
        });
        await site.ReadAsAsync("anna", "/consent/true");

        using var response = await site.GetAsync(
            "/consent/false", ("Cookie", Anna), ("Sec-Fetch-Dest", "empty"), ("Host", "shop.example.com"));

        VisitorCodeTests.SetCookies(response).Count(cookie => cookie.Contains("max-age=0", StringComparison.Ordinal))
            .ShouldBe(removed);
    }

    [Fact]
    public async Task A_refusal_outlives_the_cookie_it_removes_and_the_session_until_the_visitor_agrees()
    {
        await using var site = await StartAsync(delivers: false);
        await site.ReadAsAsync("anna", "/consent/true");
        var refused = Jar(await site.GetAsync("/consent/false", ("Cookie", Anna)));
        refused.ShouldBe("kameleoonVisitorCodeStamp=refused");

        using var later = await site.GetAsync("/decide/checkout", ("Cookie", refused));
        using var agreed = await site.GetAsync("/consent/true", ("Cookie", refused));

        (await later.Content.ReadAsStringAsync()).ShouldBe("off");
        VisitorCodeTests.SetCookies(later).ShouldBeEmpty();
        (await site.ReadAsync("/decide/checkout", ("Cookie", Jar(agreed)))).ShouldBe("on");
    }

    [Fact]
    public async Task A_refusal_outlives_the_session_where_a_delivery_keeps_the_cookie()
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(clock: clock);
        var refused = Jar(await site.GetAsync("/consent/false", ("Cookie", Anna)));
        refused.ShouldStartWith(Anna + "; kameleoonVisitorCodeStamp=refused.");
        await site.MoveAsync(TimeSpan.FromHours(2));

        using var later = await site.GetAsync("/decide/checkout", ("Cookie", refused));
        using var agreed = await site.GetAsync("/consent/true", ("Cookie", refused));

        (await later.Content.ReadAsStringAsync()).ShouldBe("off");
        VisitorCodeTests.SetCookies(later).ShouldBeEmpty();
        (await site.ReadAsync("/decide/delivery", ("Cookie", refused))).ShouldBe("on");
        Jar(agreed).ShouldNotContain("refused");
        (await site.ReadAsync("/decide/checkout", ("Cookie", Jar(agreed)))).ShouldBe("on");
    }

    [Fact]
    public async Task A_refusal_is_remembered_where_the_application_removes_the_cookie_itself()
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(
            delivers: false, clock: clock, options: options => options.Consent.RemoveCookie = false);
        var refused = Jar(await site.GetAsync("/consent/false", ("Cookie", Anna)));
        await site.MoveAsync(TimeSpan.FromHours(2));

        refused.ShouldBe("kameleoonVisitorCodeStamp=refused");
        (await site.ReadAsync("/decide/checkout", ("Cookie", $"{Anna}; {refused}"))).ShouldBe("off");
    }

    [Fact]
    public async Task A_refusal_is_not_forgotten_when_the_engine_synchronises_its_code()
    {
        await using var site = await StartAsync(map: app =>
        {
            MapPages(app);
            app.MapKameleoonSync();
        });
        var refused = Jar(await site.GetAsync("/consent/false", ("Cookie", Anna)));

        using var response = await site.GetAsync("/kameleoon/sync", ("Cookie", refused), ("Sec-Fetch-Site", "same-origin"));

        Jar(response).ShouldContain("kameleoonVisitorCodeStamp=refused.");
    }

    [Fact]
    public async Task A_browser_without_scripts_tells_its_consent_with_what_it_has_seen()
    {
        await using var site = await StartAsync(services: services =>
            services.AddSingleton<IKameleoonConsentProvider, BannerCookie>());

        await site.ReadAsync("/kameleoon/seen?e=7001.81001", ("Cookie", $"{Anna}; banner=yes"));

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["id"].ShouldBe("7001");
    }

    [Fact]
    public async Task A_script_that_does_not_say_whose_consent_it_tells_of_is_pointed_out()
    {
        await using var site = await StartAsync(delivers: false);

        using var nobodys = await site.SendAsync(HttpMethod.Post, "/consent", ("Sec-Fetch-Dest", "empty"));
        using var again = await site.SendAsync(HttpMethod.Post, "/consent", ("Sec-Fetch-Dest", "empty"));
        using var page = await site.SendAsync(HttpMethod.Post, "/consent", ("Sec-Fetch-Dest", "document"));

        site.Log.Texts(216).ShouldHaveSingleItem().ShouldContain("kameleoonVisitorCode");
        VisitorCodeTests.SetCookies(nobodys).ShouldBeEmpty();
        VisitorCodeTests.SetCookies(page).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_to_the_application_is_not_overturned_by_the_framework_s_older_cookie()
    {
        await using var site = await StartAsync(
            services: services => services.Configure<CookiePolicyOptions>(policy => policy.CheckConsentNeeded = _ => true),
            before: app => app.UseCookiePolicy());
        const string both = $"{Anna}; .AspNet.Consent=yes";
        (await site.ReadAsync("/decide/checkout", ("Cookie", both))).ShouldBe("on");

        await site.ReadAsync("/consent/false", ("Cookie", both));

        (await site.ReadAsync("/decide/checkout", ("Cookie", both))).ShouldBe("off");
    }

    [Theory]
    [InlineData("yes", "on", 1)]
    [InlineData("no", "off", 0)]
    [InlineData("undecided", "on", 0)]
    [InlineData("garbage", "on", 0)]
    public async Task The_answer_is_read_from_the_consent_platform_s_cookie(string answer, string variation, int sent)
    {
        await using var site = await StartAsync(services: services =>
            services.AddSingleton<IKameleoonConsentProvider, BannerCookie>());

        (await site.ReadAsync("/decide/checkout", ("Cookie", $"{Anna}; banner={answer}"))).ShouldBe(variation);
        await site.ReadAsync("/decide/checkout", ("Cookie", $"{Anna}; banner={answer}"));

        (await site.StopAndReadEventsAsync()).Count.ShouldBe(sent);
        site.Log.Texts(207).Count().ShouldBe(answer is "garbage" ? 1 : 0);
    }

    [Fact]
    public async Task What_the_application_says_in_a_request_is_newer_than_the_request_s_cookie()
    {
        await using var site = await StartAsync(services: services =>
            services.AddSingleton<IKameleoonConsentProvider, BannerCookie>());

        (await site.ReadAsync("/consent-and-decide/true", ("Cookie", $"{Anna}; banner=no"))).ShouldBe("on");
        (await site.ReadAsync("/decide/checkout", ("Cookie", $"{Anna}; banner=no"))).ShouldBe("off");
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task The_framework_s_cookie_policy_knows_of_consent(bool use, int sent)
    {
        await using var site = await StartAsync(
            options: options => options.Consent.UseTrackingConsentFeature = use,
            services: services => services.Configure<CookiePolicyOptions>(policy => policy.CheckConsentNeeded = _ => true),
            before: app => app.UseCookiePolicy());

        await site.ReadAsync("/decide/checkout", ("Cookie", $"{Anna}; .AspNet.Consent=yes"));
        await site.ReadAsync("/decide/checkout", ("Cookie", "kameleoonVisitorCode=bert"));

        (await site.StopAndReadEventsAsync()).Count.ShouldBe(sent);
    }

    [Theory]
    [InlineData("?kameleoonVisitorCode=frompage", "same-origin", true)]
    [InlineData("?kameleoonVisitorCode=frompage", "cross-site", false)]
    [InlineData("?kameleoonVisitorCode=frompage", "", false)]
    [InlineData("", "same-origin", false)]
    public async Task A_script_that_posts_the_consent_with_its_page_s_code_keeps_that_code(
        string query, string fetchSite, bool kept)
    {
        await using var site = await StartAsync(delivers: false);

        using var response = await site.SendAsync(HttpMethod.Post, "/consent" + query, [
            ("Sec-Fetch-Dest", "empty"), .. fetchSite.Length > 0 ? [("Sec-Fetch-Site", fetchSite)] : Array.Empty<(string, string)>()]);

        VisitorCodeTests.SetCookies(response)
            .Count(cookie => cookie.StartsWith("kameleoonVisitorCode=frompage;", StringComparison.Ordinal))
            .ShouldBe(kept ? 1 : 0);
        VisitorCodeTests.SetCookies(response).Count.ShouldBe(kept ? 2 : 0);
    }

    [Theory]
    [InlineData(null, "7001", "7002")]
    [InlineData(true, "7001", "7002")]
    [InlineData(false, null, "7002")]
    public async Task The_tracking_tag_carries_what_the_answer_allows(bool? answer, string? experiment, string delivery)
    {
        await using var site = await StartAsync(map: app => app.MapGet("/", (IKameleoonClient client, HttpContext context) =>
        {
            // Forced, so that there is an assignment to an experiment even after a refusal.
            client.SetForcedVariation(DataFiles.Experiment, "on");
            client.GetVariation("checkout");
            client.GetVariation("delivery");
            if (answer is { } given)
            {
                client.SetLegalConsent(given);
            }

            return Pages.Tracking(context);
        }));

        var page = await site.ReadAsAsync("anna", "/");

        page.ShouldContain(delivery);
        page.Contains("7001", StringComparison.Ordinal).ShouldBe(experiment is not null);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_waited_in_vain_is_counted_when_the_session_is_over()
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(clock: clock);
        await site.ReadAsAsync("anna", "/decide/checkout");
        var visitors = site.App.Services.GetRequiredService<VisitorStore>();

        await site.MoveAsync(TimeSpan.FromMinutes(30));
        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(visitors.SweepInterval);
            return site.Log.Texts(304).Any();
        });

        site.Log.Texts(304).ShouldHaveSingleItem().ShouldBe("1 events were not reported: consent.");
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_headers_is_kept_and_logged()
    {
        await using var site = await StartAsync(delivers: false, map: app =>
        {
            Pages.Map(app);
            app.MapGet("/late", async (IKameleoonClient client, HttpContext context) =>
            {
                await context.Response.StartAsync();
                client.SetLegalConsent(true);
            });
        });

        await site.ReadAsAsync("anna", "/late");
        await site.ReadAsAsync("anna", "/late");

        site.Log.Texts(209).ShouldHaveSingleItem().ShouldContain("/late");
        await site.ReadAsAsync("anna", "/decide/checkout");
        (await site.StopAndReadEventsAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Before_the_first_data_file_the_cookie_waits_unless_the_site_knows_better(bool assume, bool set)
    {
        await using var site = await TestSite.StartAsync(
            options => options.Consent.AssumeNotRequired = assume,
            platform: new StubPlatform { DataFile = _ => new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden) });

        VisitorCodeTests.SetCookies(await site.GetAsync("/plain")).Count.ShouldBe(set ? 2 : 0);
    }

    [Theory]
    [InlineData(false, "conversion")]
    [InlineData(true, "page conversion")]
    public async Task Before_the_first_data_file_only_conversions_leave_unless_the_site_knows_better(bool assume, string expected)
    {
        await using var site = await TestSite.StartAsync(
            options => (options.Consent.AssumeNotRequired, options.StartTimeout) = (assume, TimeSpan.Zero),
            platform: new StubPlatform { DataFile = _ => new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden) });
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");
        client.AddData(new PageView("https://shop.example/"), new CustomData("plan", "gold"));
        client.TrackConversion(55);
        client.EvaluateAudiences();

        var events = await site.StopAndReadEventsAsync();

        string.Join(' ', events.Select(sent => sent["eventType"])).ShouldBe(expected);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "no_configuration").ShouldBe(1);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "consent").ShouldBe(assume ? 0 : 1);
    }

    [Fact]
    public async Task What_came_before_the_first_data_file_leaves_once_that_says_that_nothing_is_required()
    {
        var isThere = false;
        await using var site = await TestSite.StartAsync(
            options =>
            {
                options.Configuration.Start = StartMode.Background;
                options.Configuration.RetryDelay = TimeSpan.FromMilliseconds(10);
            },
            platform: new StubPlatform
            {
                DataFile = _ => Volatile.Read(ref isThere)
                    ? StubPlatform.Json(DataFiles.Shop)
                    : new HttpResponseMessage(System.Net.HttpStatusCode.NotFound),
            });
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        factory.ForVisitor("anna").AddData(new PageView("https://shop.example/"));
        (await factory.ForVisitor("anna").FlushAsync()).ShouldBeTrue();
        site.Platform.Events.ShouldBeEmpty();

        Volatile.Write(ref isThere, true);
        await Eventually.IsTrueAsync(() => factory.ForVisitor("bert").GetDataFile() is not null);
        (await factory.ForVisitor("anna").FlushAsync()).ShouldBeTrue();

        site.Platform.Events.ShouldHaveSingleItem()["eventType"].ShouldBe("page");
    }

    [Fact]
    public async Task What_a_refusal_dropped_is_reported_when_it_happens_again_after_consent()
    {
        await using var site = await StartAsync();
        await site.ReadAsAsync("anna", "/decide/checkout");
        await site.ReadAsAsync("anna", "/consent/false");
        await site.ReadAsAsync("anna", "/consent/true");

        await site.ReadAsAsync("anna", "/decide/checkout");
        await site.ReadAsAsync("anna", "/decide/checkout");

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["id"].ShouldBe("7001");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_no_consent_is_required_an_answer_neither_sends_nor_drops_what_waits_for_a_deed(bool answer)
    {
        await using var site = await StartAsync("NOT_REQUIRED");
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");
        client.AddData(new PageView("/first"));

        client.SetLegalConsent(answer);

        site.App.Services.GetRequiredService<TrackingQueue>().Count.ShouldBe(0);
        client.GetVariation("checkout");
        (await site.StopAndReadEventsAsync()).Select(sent => sent["eventType"]).ShouldBe(["page", "experiment"]);
    }

    private static string Jar(HttpResponseMessage response) => string.Join("; ", VisitorCodeTests.SetCookies(response)
        .Where(cookie => !cookie.Contains("max-age=0", StringComparison.Ordinal)).Select(cookie => cookie.Split(';')[0]));

    private static Task<TestSite> StartAsync(
        string consentType = "REQUIRED",
        bool delivers = true,
        Action<KameleoonOptions>? options = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? before = null,
        Action<WebApplication>? map = null,
        TimeProvider? clock = null) => TestSite.StartAsync(
            options,
            map ?? MapPages,
            DataFiles.Serving(DataFiles.Site(consentType, delivers)),
            clock,
            services,
            before);

    private static void MapPages(WebApplication app)
    {
        Pages.Map(app);
        app.MapGet("/consent/{answer:bool}", (bool answer, IKameleoonClient client) => client.SetLegalConsent(answer));
        app.MapPost("/consent", (IKameleoonClient client) => client.SetLegalConsent(true));
        app.MapGet("/consent-and-decide/{answer:bool}", (bool answer, IKameleoonClient client) =>
        {
            client.SetLegalConsent(answer);
            return client.GetVariation("checkout", track: false).Key;
        });
    }

    private sealed class BannerCookie : IKameleoonConsentProvider
    {
        public bool? GetConsent(HttpContext context) => context.Request.Cookies["banner"] switch
        {
            "yes" => true,
            "no" => false,
            "garbage" => throw new FormatException("Not an answer."),
            _ => null,
        };
    }
}
