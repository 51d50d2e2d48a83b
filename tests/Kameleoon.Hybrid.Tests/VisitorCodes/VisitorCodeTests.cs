using System.Net;

namespace Kameleoon.Hybrid.Tests;

public sealed class VisitorCodeTests
{
    private const string Known = "vc10ctbql0zpf4rw";

    [Fact]
    [Spec("H9")]
    public async Task A_new_visitor_gets_sixteen_letters_and_digits_in_a_cookie_the_engine_can_read()
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.GetAsync("/code");

        var code = await response.Content.ReadAsStringAsync();
        code.ShouldMatch("^[a-z0-9]{16}$");
        var cookie = SetCookies(response).Single(text => text.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal));
        cookie.ShouldStartWith($"kameleoonVisitorCode={code};");
        cookie.ShouldContain("max-age=32832000");
        cookie.ShouldContain("path=/");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldNotContain("httponly", Case.Insensitive);
        cookie.ShouldNotContain("domain=");
        cookie.ShouldNotContain("secure");
    }

    [Theory]
    [InlineData("/code?kameleoonVisitorCode=fromquery", "kameleoonVisitorCode=fromcookie", "fromcookie")]
    [InlineData("/code?kameleoonVisitorCode=fromquery", "other=1; xkameleoonVisitorCode=no", "fromquery")]
    [InlineData("/code", "kameleoonVisitorCode=dup1; kameleoonVisitorCode=dup2", "dup1")]
    [InlineData("/code", "kameleoonVisitorCode=; kameleoonVisitorCode=second", "second")]
    [InlineData("/code", "a=b; kameleoonVisitorCode=user%40x; c=d", "user%40x")]
    [InlineData("/code", "kameleoonvisitorcode=lower; kameleoonVisitorCode=exact", "exact")]
    [Spec("H9")]
    public async Task The_first_valid_cookie_wins_over_the_query_and_both_are_read_raw(string url, string cookie, string expected)
    {
        await using var site = await TestSite.StartAsync();

        var code = await (await site.GetAsync(url, ("Cookie", cookie))).Content.ReadAsStringAsync();

        code.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("a'b")]
    [InlineData("a,b")]
    [InlineData("a<script>")]
    [InlineData("a\\b")]
    [InlineData("a\u0001b")]
    [InlineData("\"quoted\"")]
    [InlineData("zoé")]
    public async Task A_code_that_could_break_a_page_is_replaced_and_never_echoed(string hostile)
    {
        await using var site = await TestSite.StartAsync();

        foreach (var (path, cookie) in new[]
        {
            ("/code", "kameleoonVisitorCode=" + hostile),
            ("/code?kameleoonVisitorCode=" + Uri.EscapeDataString(hostile), "a=b"),
        })
        {
            var raw = await RawHttp.GetAsync(site.Http.BaseAddress!, path, cookie);

            raw.Status.ShouldBe(HttpStatusCode.OK);
            raw.Body.ShouldMatch("^[a-z0-9]{16}$");
            raw.Headers.ShouldContain($"kameleoonVisitorCode={raw.Body};");
            if (hostile.Length > 0)
            {
                raw.Headers.ShouldNotContain(hostile);
            }
        }
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public async Task A_cookie_of_up_to_255_characters_is_kept(int length, bool kept)
    {
        await using var site = await TestSite.StartAsync();
        var sent = new string('x', length);

        var code = await (await site.GetAsync("/code", ("Cookie", "kameleoonVisitorCode=" + sent))).Content.ReadAsStringAsync();

        string.Equals(code, sent, StringComparison.Ordinal).ShouldBe(kept);
    }

    [Theory]
    [InlineData(QueryParameterPolicy.SameSite, null, true)]
    [InlineData(QueryParameterPolicy.SameSite, "same-origin", true)]
    [InlineData(QueryParameterPolicy.SameSite, "cross-site", false)]
    [InlineData(QueryParameterPolicy.SameSite, "none", false)]
    [InlineData(QueryParameterPolicy.Always, "cross-site", true)]
    [InlineData(QueryParameterPolicy.Off, "same-origin", false)]
    public async Task A_link_from_elsewhere_cannot_choose_the_visitor_unless_the_site_says_so(
        QueryParameterPolicy policy, string? fetchSite, bool adopted)
    {
        await using var site = await TestSite.StartAsync(options => options.QueryParameter = policy);

        using var response = await site.GetAsync(
            "/code?kameleoonVisitorCode=linked",
            [.. fetchSite is null ? Array.Empty<(string, string)>() : [("Sec-Fetch-Site", fetchSite)]]);

        (await response.Content.ReadAsStringAsync() is "linked").ShouldBe(adopted);
    }

    [Theory]
    [InlineData("GET", null, false)]
    [InlineData("GET", "http://{0}/page", true)]
    [InlineData("POST", "http://{0}/page", true)]
    [InlineData("GET", "https://shop.example.com/page", true)]
    [InlineData("POST", "https://shop.example.com/page", false)]
    [InlineData("GET", "https://evil.test/?example.com", false)]
    public async Task An_old_browser_is_believed_by_the_page_it_comes_from(string method, string? page, bool adopted)
    {
        await using var site = await TestSite.StartAsync(
            options => options.Cookie.Domain = "example.com",
            app => app.Map("/code", (IKameleoonClient client) => client.GetVisitorCode()));
        var host = site.Http.BaseAddress!.Authority;

        using var response = await site.SendAsync(new HttpMethod(method), "/code?kameleoonVisitorCode=linked", [
            ("User-Agent", "Mozilla/5.0 (Macintosh) Version/15.0 Safari/605.1.15"),
            .. page is null ? Array.Empty<(string, string)>() : [("Referer", page.Replace("{0}", host, StringComparison.Ordinal))]]);

        (await response.Content.ReadAsStringAsync() is "linked").ShouldBe(adopted);
    }

    [Fact]
    public async Task An_image_or_frame_of_another_site_cannot_choose_the_visitor_even_where_links_may()
    {
        await using var site = await TestSite.StartAsync(options => options.QueryParameter = QueryParameterPolicy.Always);

        var code = await site.ReadAsync(
            "/code?kameleoonVisitorCode=linked", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "image"));

        (code is "linked").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/code?kameleoonVisitorCode=linked", "/code")]
    [InlineData("/code?a=1%202&kameleoonVisitorCode=linked&b=%26", "/code?a=1%202&b=%26")]
    [InlineData("/code?KameleoonVisitorCode=linked&kameleoonVisitorCodes=x", "/code?kameleoonVisitorCodes=x")]
    public async Task A_page_can_leave_the_address_that_brought_the_code(string path, string clean)
    {
        await using var site = await TestSite.StartAsync(options =>
        {
            options.QueryParameterRedirect = true;
            options.Cookie.OnlyOnDecision = true;
        });

        using var response = await site.GetAsync(path, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Dest", "document"));

        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Redirect);
        response.Headers.Location!.OriginalString.ShouldBe(clean);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await site.ReadAsync(clean, ("Cookie", Jar(response)))).ShouldBe("linked");
    }

    [Theory]
    [InlineData("//evil.test/?kameleoonVisitorCode=linked", "document")]
    [InlineData("/code?kameleoonVisitorCode=linked", "empty")]
    public async Task It_stays_where_the_way_out_would_lead_elsewhere_or_the_code_be_lost(string path, string destination)
    {
        await using var site = await TestSite.StartAsync(
            options => options.QueryParameterRedirect = true,
            app => app.Run(context => context.Response.WriteAsync(RequestVisitor.Of(context).Code)));

        var (status, _, body) = await RawHttp.GetAsync(
            site.Http.BaseAddress!, path, $"a=b\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Dest: {destination}");

        status.ShouldBe(System.Net.HttpStatusCode.OK);
        body.ShouldContain("linked");
    }

    [Theory]
    [InlineData("example.com", 3)]
    [InlineData(null, 0)]
    public async Task Of_two_codes_the_first_is_written_for_the_whole_domain_and_that_of_the_host_removed(
        string? domain, int written)
    {
        await using var site = await TestSite.StartAsync(options => options.Cookie.Domain = domain);
        var stamp = Jar(await site.GetAsync("/code", ("Cookie", "kameleoonVisitorCode=one"))).Split("; ")[1];

        using var response = await site.GetAsync(
            "/code", ("Cookie", $"kameleoonVisitorCode=one; kameleoonVisitorCode=two; {stamp}"), ("Host", "shop.example.com"));

        var cookies = SetCookies(response);
        cookies.Count.ShouldBe(written);
        if (written > 0)
        {
            cookies[0].ShouldBe("kameleoonVisitorCode=; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=0; path=/");
            cookies[1].ShouldStartWith("kameleoonVisitorCode=one; ");
            cookies[1].ShouldContain("domain=example.com");
        }
    }

    [Fact]
    public async Task A_returning_visitor_s_response_carries_no_cookie_of_ours()
    {
        await using var site = await TestSite.StartAsync();
        using var first = await site.GetAsync("/code");

        using var second = await site.GetAsync("/code", ("Cookie", Jar(first)));

        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        SetCookies(second).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cookie_that_a_script_wrote_becomes_a_server_cookie_of_the_same_value()
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.GetAsync("/code", ("Cookie", "kameleoonVisitorCode=" + Known));

        SetCookies(response).ShouldContain(text => text.StartsWith($"kameleoonVisitorCode={Known};", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_cookie_is_renewed_after_thirty_days_and_not_before()
    {
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(clock: clock);
        var jar = Jar(await site.GetAsync("/code"));

        await site.MoveAsync(TimeSpan.FromDays(29));
        SetCookies(await site.GetAsync("/code", ("Cookie", jar))).ShouldBeEmpty();

        await site.MoveAsync(TimeSpan.FromDays(1));
        SetCookies(await site.GetAsync("/code", ("Cookie", jar))).Count.ShouldBe(2);
    }

    [Fact]
    [Spec("H9")]
    public async Task A_configured_domain_and_secure_stand_in_the_cookie()
    {
        await using var site = await TestSite.StartAsync(options =>
        {
            options.Cookie.Domain = "HTTPS://Example.com";
            options.Cookie.Secure = true;
        });

        using var response = await site.GetAsync("/code", ("Host", "www.example.com"));

        SetCookies(response).ShouldAllBe(text => text.Contains("; domain=example.com; samesite=lax; secure", StringComparison.Ordinal));
        site.Log.Texts(201).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_outside_of_the_cookie_domain_is_logged_once()
    {
        await using var site = await TestSite.StartAsync(options => options.Cookie.Domain = "example.com");

        await site.GetAsync("/code", ("Host", "shop.other.test"));
        await site.GetAsync("/code", ("Host", "shop.other.test"));

        site.Log.Texts(201).ShouldHaveSingleItem().ShouldContain("shop.other.test");
    }

    [Fact]
    public async Task A_page_s_images_set_no_cookie_and_a_shared_response_carries_none()
    {
        await using var site = await TestSite.StartAsync(map: app =>
        {
            Pages.Map(app);
            app.MapGet("/public", (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "public, max-age=60";
                return "shared";
            });
        });

        SetCookies(await site.GetAsync("/plain", ("Sec-Fetch-Dest", "image"))).ShouldBeEmpty();
        SetCookies(await site.GetAsync("/public")).ShouldBeEmpty();
        SetCookies(await site.GetAsync("/plain", ("Sec-Fetch-Dest", "document"))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Where_consent_is_required_and_nothing_is_delivered_no_cookie_is_set()
    {
        var platform = new StubPlatform { DataFile = _ => StubPlatform.Json(DataFiles.Site("REQUIRED", delivers: false)) };
        await using var site = await TestSite.StartAsync(platform: platform);

        using var response = await site.GetAsync("/page/checkout");

        SetCookies(response).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ten_thousand_first_requests_at_once_get_a_code_each_and_keep_to_their_own()
    {
        const int count = 10_000;
        await using var site = await TestSite.StartAsync(map: app => app.Map(
            "/{number:int}", async (int number, IKameleoonClient client, IKameleoonClientFactory clients, HttpContext context) =>
            {
                var code = client.GetVisitorCode();
                await Task.Yield();
                var inside = await Task.WhenAll(
                    Task.Run(client.GetVisitorCode), Task.Run(() => clients.ForRequest(context).GetVisitorCode()));
                return string.Join(' ', [$"{number}", code, .. inside]);
            }));
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 500 })
        {
            BaseAddress = site.Http.BaseAddress,
        };

        var codes = await Task.WhenAll(Enumerable.Range(0, count).Select(async number =>
        {
            using var response = await http.GetAsync(new Uri($"/{number}", UriKind.Relative));
            var body = (await response.Content.ReadAsStringAsync()).Split(' ');
            body.ShouldBe([$"{number}", body[1], body[1], body[1]]);
            SetCookies(response)[0].ShouldStartWith($"kameleoonVisitorCode={body[1]};");
            return body[1];
        }));

        codes.Distinct(StringComparer.Ordinal).Count().ShouldBe(count);
    }

    internal static List<string> SetCookies(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var values) ? [.. values] : [];

    internal static string Jar(HttpResponseMessage response) =>
        string.Join("; ", SetCookies(response).Select(text => text.Split(';')[0]));
}
