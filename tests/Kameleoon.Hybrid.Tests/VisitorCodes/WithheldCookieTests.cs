
namespace Kameleoon.Hybrid.Tests;

/// <summary>Requests without the visitor code because the browser did not send it: another site started them.</summary>
public sealed class WithheldCookieTests
{
    private const string Host = "www.shop.example";
    private static readonly (string, string) Document = ("Sec-Fetch-Dest", "document");
    private static readonly (string, string) CrossSite = ("Sec-Fetch-Site", "cross-site");

    [Theory]
    [InlineData("POST", "cross-site", "document", null, true)]
    [InlineData("PUT", "cross-site", "document", null, true)]
    [InlineData("GET", "cross-site", "document", null, false)]
    [InlineData("HEAD", "cross-site", "document", null, false)]
    [InlineData("POST", "same-site", "document", "https://pay.shop.example", false)]
    [InlineData("POST", "same-origin", "document", "null", false)]
    [InlineData("POST", "none", "document", null, false)]
    [InlineData("POST", null, null, "https://bank.test", true)]
    [InlineData("POST", null, null, "null", true)]
    [InlineData("POST", null, null, "http://www.shop.example", false)]
    [InlineData("POST", null, null, "https://shop.example", false)]
    [InlineData("POST", null, null, "https://pay.www.shop.example", false)]
    [InlineData("POST", null, null, "https://evilwww.shop.example", true)]
    [InlineData("POST", null, null, null, false)]
    [InlineData("GET", null, null, "https://bank.test", false)]
    public async Task A_form_of_another_site_gets_no_cookie(
        string method, string? fetchSite, string? destination, string? origin, bool isWithheld)
    {
        await using var site = await StartAsync();

        using var response = await site.SendAsync(new HttpMethod(method), "/any", Headers(fetchSite, destination, origin));

        VisitorCodeTests.SetCookies(response).Count.ShouldBe(isWithheld ? 0 : 2);
    }

    [Fact]
    public async Task A_form_of_a_host_of_the_cookie_domain_gets_the_cookie_without_fetch_metadata()
    {
        await using var site = await StartAsync(options => options.Cookie.Domain = "shop.example");

        using var sibling = await site.SendAsync(HttpMethod.Post, "/any", Headers(null, null, "https://pay.shop.example"));
        using var stranger = await site.SendAsync(HttpMethod.Post, "/any", Headers(null, null, "https://bank.test"));

        VisitorCodeTests.SetCookies(sibling).Count.ShouldBe(2);
        VisitorCodeTests.SetCookies(stranger).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("iframe")]
    [InlineData("frame")]
    [InlineData("embed")]
    [InlineData("object")]
    public async Task A_page_in_a_frame_of_another_site_gets_no_cookie(string destination)
    {
        await using var site = await StartAsync();

        using var response = await site.GetAsync("/decide/checkout", Headers("cross-site", destination, null));

        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
        await site.CompletedAsync();
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "unshared").ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_reported_under_a_code_that_stands_in_for_the_withheld_one()
    {
        await using var site = await StartAsync();

        using var decided = await site.SendAsync(HttpMethod.Post, "/decide/checkout", Document, CrossSite);
        using var bought = await site.SendAsync(HttpMethod.Post, "/buy", Document, CrossSite);

        decided.EnsureSuccessStatusCode();
        bought.EnsureSuccessStatusCode();
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "unshared").ShouldBe(2);
    }

    [Fact]
    public async Task A_page_that_answers_the_form_passes_neither_code_nor_exposures_to_the_engine()
    {
        await using var site = await StartAsync(options => options.Engine.AlwaysImposeVisitorCode = true);

        using var response = await site.SendAsync(HttpMethod.Post, "/form-page", Document, CrossSite);

        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_browser_that_sends_its_cookie_with_the_form_is_a_known_visitor()
    {
        await using var site = await StartAsync();

        using var response = await site.SendAsync(
            HttpMethod.Post, "/buy", Document, CrossSite, ("Cookie", "kameleoonVisitorCode=anna"));

        VisitorCodeTests.SetCookies(response)[0].ShouldStartWith("kameleoonVisitorCode=anna; ");
        (await site.StopAndReadEventsAsync()).ShouldContain(sent => sent["eventType"] == "conversion");
        site.Log.Texts(226).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_code_that_the_application_passes_is_reported_and_not_stored()
    {
        await using var site = await StartAsync(options => options.DefaultVisitorCode = _ => "kept-with-the-order");

        using var response = await site.SendAsync(HttpMethod.Post, "/buy", Document, CrossSite);

        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
        (await site.StopAndReadEventsAsync()).ShouldContain(sent => sent["eventType"] == "conversion");
        site.Log.Texts(226).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_fix_is_logged_once_a_route_and_only_where_the_visitor_is_needed()
    {
        await using var site = await StartAsync();

        foreach (var path in (string[])["/buy", "/buy", "/any", "/decide/checkout"])
        {
            using var response = await site.SendAsync(HttpMethod.Post, path, Document, CrossSite);
        }

        var texts = site.Log.Texts(226).ToList();
        texts.Count.ShouldBe(2);
        texts[0].ShouldContain("/buy");
        texts[0].ShouldContain("IKameleoonClientFactory.ForVisitor");
        texts[1].ShouldContain("/decide");
    }

    [Theory]
    [InlineData("none; secure", false)]
    [InlineData("none; secure; partitioned", true)]
    public async Task Pages_in_frames_get_and_keep_a_code_where_the_settings_allow_it(string attributes, bool isPartitioned)
    {
        await using var site = await StartAsync(options =>
        {
            options.Cookie.SameSite = SameSiteMode.None;
            options.Cookie.Secure = true;
            options.Cookie.Partitioned = isPartitioned;
        });
        var frame = Headers("cross-site", "iframe", null);

        using var first = await site.GetAsync("/decide/checkout", frame);
        var cookies = VisitorCodeTests.SetCookies(first);
        var jar = string.Join("; ", cookies.Select(cookie => cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]));
        using var second = await site.GetAsync("/decide/checkout", [.. frame, ("Cookie", jar)]);

        cookies.Count.ShouldBe(2);
        cookies.ShouldAllBe(cookie => cookie.Replace("; httponly", "", StringComparison.Ordinal)
            .EndsWith("; samesite=" + attributes, StringComparison.Ordinal));
        VisitorCodeTests.SetCookies(second).ShouldBeEmpty();
        (await site.StopAndReadEventsAsync()).Count(sent => sent["eventType"] == "experiment").ShouldBe(1);
    }

    [Fact]
    public async Task Cookies_that_were_written_as_lax_are_renewed_once_when_the_setting_changes()
    {
        await using var lax = await StartAsync();
        await using var none = await StartAsync(options =>
        {
            options.Cookie.SameSite = SameSiteMode.None;
            options.Cookie.Secure = true;
            options.Cookie.Partitioned = true;
        });
        var old = VisitorCodeTests.Jar(await lax.GetAsync("/code"));

        using var response = await none.GetAsync("/code", Document, ("Cookie", old));

        var cookies = VisitorCodeTests.SetCookies(response);
        var code = old.Split(';')[0];
        cookies[0].ShouldStartWith("kameleoonVisitorCode=; expires=Thu, 01 Jan 1970");
        cookies[0].ShouldNotContain("partitioned");
        cookies[1].ShouldStartWith(code);
        cookies[1].ShouldEndWith("; samesite=none; secure; partitioned");
    }

    [Fact]
    public async Task The_sync_endpoint_writes_the_same_attributes()
    {
        await using var site = await StartAsync(options =>
        {
            options.Cookie.SameSite = SameSiteMode.None;
            options.Cookie.Secure = true;
            options.Cookie.Partitioned = true;
        });

        using var response = await site.GetAsync("/kameleoon/sync?visitorCode=anna", ("Sec-Fetch-Site", "same-origin"));

        VisitorCodeTests.SetCookies(response)[0].ShouldEndWith("; samesite=none; secure; partitioned");
    }

    [Fact]
    public async Task In_development_over_http_the_cookie_is_lax_because_browsers_would_reject_it()
    {
        await using var site = await TestSite.StartAsync(
            options => options.Cookie.SameSite = SameSiteMode.None, environment: "Development");

        using var response = await site.GetAsync("/code");

        VisitorCodeTests.SetCookies(response)[0].ShouldEndWith("; samesite=lax");
    }

    private static (string, string)[] Headers(string? fetchSite, string? destination, string? origin) =>
    [
        ("Host", Host),
        .. fetchSite is null ? [] : new[] { ("Sec-Fetch-Site", fetchSite) },
        .. destination is null ? [] : new[] { ("Sec-Fetch-Dest", destination) },
        .. origin is null ? [] : new[] { ("Origin", origin) },
    ];

    private static Task<TestSite> StartAsync(Action<KameleoonOptions>? options = null) => TestSite.StartAsync(options, app =>
    {
        Pages.Map(app);
        app.Map("/any", () => "any");
        app.MapPost("/form-page", (IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation("checkout");
            return Results.Content(Pages.Tracking(context), "text/html");
        });
        app.MapKameleoonSync();
    });
}
