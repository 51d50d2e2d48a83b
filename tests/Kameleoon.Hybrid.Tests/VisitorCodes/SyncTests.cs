using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The endpoint that makes a script's visitor code a server's cookie, for pages that are served elsewhere.
/// </summary>
public sealed class SyncTests
{
    private static readonly (string, string) SameSite = ("Sec-Fetch-Site", "same-site");

    [Theory]
    [InlineData("?visitorCode=asked", null, "asked")]
    [InlineData("?kameleoonVisitorCode=asked", null, "asked")]
    [InlineData("?visitorCode=asked&kameleoonVisitorCode=other", null, "asked")]
    [InlineData("?visitorCode=asked", "cookie", "cookie")]
    [InlineData("", "cookie", "cookie")]
    [InlineData("", null, null)]
    [InlineData("?visitorCode=a%20b", null, null)]
    [InlineData("?visitorCode=%0d%0aSet-Cookie:x", null, null)]
    public async Task A_code_that_the_browser_has_becomes_a_cookie_and_none_is_made_up(
        string query, string? cookie, string? expected)
    {
        await using var site = await StartAsync();

        using var response = await site.GetAsync("/kameleoon/sync" + query, [
            SameSite, .. cookie is null ? Array.Empty<(string, string)>() : [("Cookie", "kameleoonVisitorCode=" + cookie)]]);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        response.Headers.CacheControl!.ToString().ShouldBe("no-store");
        var cookies = VisitorCodeTests.SetCookies(response);
        cookies.Count.ShouldBe(expected is null ? 0 : 2);
        if (expected is not null)
        {
            cookies[0].ShouldStartWith($"kameleoonVisitorCode={expected}; ");
            cookies[0].ShouldContain("max-age=32832000; path=/");
            cookies[0].ShouldNotContain("httponly", Case.Insensitive);
        }
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "none", false)]
    [InlineData("Referer", "https://www.example.com/page", true)]
    [InlineData("Referer", "https://evil.test/www.example.com", false)]
    [InlineData("Origin", "https://example.com", true)]
    [InlineData("Origin", "null", false)]
    [InlineData("X-Nothing", "x", false)]
    public async Task Another_site_cannot_choose_the_visitor(string header, string value, bool accepted)
    {
        await using var site = await StartAsync();

        using var response = await site.GetAsync("/kameleoon/sync?visitorCode=asked", (header, value));

        response.StatusCode.ShouldBe(accepted ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden);
        VisitorCodeTests.SetCookies(response).Count.ShouldBe(accepted ? 2 : 0);
    }

    [Theory]
    [InlineData("https://www.example.com", true)]
    [InlineData("https://other.example.com", false)]
    public async Task Only_listed_origins_may_send_their_cookies_along(string origin, bool listed)
    {
        await using var site = await StartAsync();

        using var response = await site.GetAsync("/kameleoon/sync?visitorCode=asked", SameSite, ("Origin", origin));

        response.Headers.Contains("Access-Control-Allow-Credentials").ShouldBe(listed);
        response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed).ShouldBe(listed);
        (allowed ?? [origin]).ShouldHaveSingleItem().ShouldBe(origin);
        response.Headers.Vary.ShouldHaveSingleItem().ShouldBe("Origin");
    }

    [Fact]
    public async Task A_visitor_who_refused_gets_no_cookie()
    {
        await using var site = await StartAsync(
            DataFiles.Serving(DataFiles.Site("REQUIRED", delivers: false)),
            services => services.AddSingleton<IKameleoonConsentProvider, Refusing>());

        using var response = await site.GetAsync("/kameleoon/sync?visitorCode=asked", SameSite);

        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("kameleoonVisitorCode=asked")]
    [InlineData("kameleoonVisitorCodeStamp=refused")]
    public async Task Nor_does_one_who_refused_to_the_application_before(string cookies)
    {
        await using var site = await StartAsync(DataFiles.Serving(DataFiles.Site("REQUIRED", delivers: false)));
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("asked").SetLegalConsent(false);

        using var response = await site.GetAsync("/kameleoon/sync?visitorCode=other", SameSite, ("Cookie", cookies));

        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_origin_of_another_domain_stops_the_start()
    {
        var start = () => StartAsync(options: options => options.Cookie.SyncOrigins.Add("https://www.example.org"));

        (await start.ShouldThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>())
            .Message.ShouldContain("Kameleoon:Cookie:SyncOrigins has 'https://www.example.org'");
    }

    private static Task<TestSite> StartAsync(
        StubPlatform? platform = null,
        Action<IServiceCollection>? services = null,
        Action<KameleoonOptions>? options = null) => TestSite.StartAsync(
            settings =>
            {
                settings.Cookie.Domain = "example.com";
                settings.Cookie.SyncOrigins.Add("https://www.example.com");
                options?.Invoke(settings);
            },
            app => app.MapKameleoonSync(),
            platform,
            services: services);

    private sealed class Refusing : IKameleoonConsentProvider
    {
        public bool? GetConsent(HttpContext context) => false;
    }
}
