using System.Net.Http.Headers;

namespace Kameleoon.Hybrid.Tests;

/// <summary>No cache between browser and server keeps a visitor's page or cookie, by whatever header it is told to.</summary>
public sealed class SharedCacheTests
{
    [Theory]
    [InlineData("no-cache")]
    [InlineData("must-revalidate")]
    [InlineData("max-age=0")]
    [InlineData("max-age=0, must-revalidate, stale-if-error=60")]
    [InlineData("no-cache, private=\"X-Account\"")]
    [InlineData("private=\"X-Account\", must-revalidate")]
    [InlineData("public; max-age=60")]
    [Spec("S5")]
    public async Task A_response_with_a_cookie_is_private_whatever_else_it_says(string value)
    {
        await using var site = await StartAsync(context => context.Response.Headers.CacheControl = value);

        using var response = await site.GetAsync("/");

        VisitorCodeTests.SetCookies(response).ShouldNotBeEmpty();
        var sent = response.Headers.CacheControl!;
        (sent.Private, sent.PrivateHeaders.Count).ShouldBe((true, 0));
        foreach (var directive in value.Split(", ").Where(static said => !said.StartsWith("private", StringComparison.Ordinal)))
        {
            sent.ToString().Contains(directive, StringComparison.Ordinal).ShouldBe(!directive.StartsWith("public", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("no-store", true)]
    [InlineData("private, max-age=60", true)]
    [InlineData("max-age=5, private", true)]
    [InlineData("no-cache=\"X-Account\", max-age=600", false)]
    [InlineData("private=\"X-Account\", max-age=600", false)]
    [InlineData("max-age=60, private=\"Set-Cookie, X-Account\"", false)]
    [Spec("S5")]
    public async Task A_cookie_goes_with_what_no_shared_cache_keeps_and_not_with_what_is_private_in_part(string value, bool hasCookie)
    {
        await using var site = await StartAsync(context => context.Response.Headers.CacheControl = value);

        using var response = await site.GetAsync("/");

        VisitorCodeTests.SetCookies(response).Count.ShouldBe(hasCookie ? 2 : 0);
        response.Headers.CacheControl.ShouldBe(CacheControlHeaderValue.Parse(value));
    }

    [Theory]
    [InlineData("CDN-Cache-Control", "max-age=600")]
    [InlineData("Cloudflare-CDN-Cache-Control", "public, s-maxage=600")]
    [InlineData("Vercel-CDN-Cache-Control", "max-age=600")]
    [InlineData("netlify-cdn-cache-control", "public, durable, max-age=600")]
    [InlineData("X-LiteSpeed-Cache-Control", "public,max-age=600")]
    [InlineData("Surrogate-Control", "max-age=600, content=\"ESI/1.0\"")]
    [InlineData("Edge-Control", "!no-store, max-age=1d")]
    [InlineData("X-Accel-Expires", "600")]
    [InlineData("x-accel-expires", "@1924992000")]
    [Spec("K1", "S5")]
    public async Task A_header_for_a_cdn_leaves_no_decided_page_and_no_cookie_with_it(string name, string value)
    {
        await using var site = await StartAsync(context => context.Response.Headers[name] = value, isAfter: true);

        using var decided = await site.GetAsync("/decided");
        using var plain = await site.GetAsync("/");

        decided.Headers.Contains(name).ShouldBeFalse();
        decided.Headers.CacheControl!.ToString().ShouldBe("no-store, no-cache, private");
        VisitorCodeTests.SetCookies(decided).ShouldNotBeEmpty();
        VisitorCodeTests.SetCookies(plain).ShouldBeEmpty();
        plain.Headers.GetValues(name).ShouldHaveSingleItem().ShouldBe(value);
    }

    [Theory]
    [InlineData("CDN-Cache-Control", "no-store")]
    [InlineData("Surrogate-Control", "No-Store")]
    [InlineData("Cloudflare-CDN-Cache-Control", "max-age=600, private")]
    [InlineData("X-Accel-Expires", "0")]
    [InlineData("X-Expires-Control", "600")]
    [InlineData("Edge-Control", "bypass-cache")]
    [InlineData("Surrogate-Control", "content=\"ESI/1.0\"")]
    public async Task A_header_that_lets_no_cdn_keep_the_page_stays_and_leaves_the_cookie(string name, string value)
    {
        await using var site = await StartAsync(context => context.Response.Headers[name] = value);

        using var plain = await site.GetAsync("/");
        using var decided = await site.GetAsync("/decided");

        VisitorCodeTests.SetCookies(plain).ShouldNotBeEmpty();
        plain.Headers.GetValues(name).ShouldHaveSingleItem().ShouldBe(value);
        decided.Headers.GetValues(name).ShouldHaveSingleItem().ShouldBe(value);
    }

    [Fact]
    public async Task A_header_that_is_not_understood_is_not_weakened()
    {
        await using var site = await StartAsync(static context => context.Response.Headers.CacheControl = "no-cache; no-store");

        using var response = await site.GetAsync("/");

        VisitorCodeTests.SetCookies(response).ShouldNotBeEmpty();
        (response.Headers.CacheControl!.NoStore, response.Headers.CacheControl.Private).ShouldBe((true, true));
    }

    [Theory]
    [InlineData("/decided", "Cache-Control", "public, max-age=600", true)]
    [InlineData("/decided", "CDN-Cache-Control", "max-age=600", true)]
    [InlineData("/", "Cache-Control", "s-maxage=600", true)]
    [InlineData("/", "Surrogate-Control", "max-age=600", true)]
    [InlineData("/decided", "Cache-Control", "private, max-age=600", false)]
    [InlineData("/", "Cache-Control", "no-store", false)]
    public async Task A_header_that_an_earlier_middleware_sets_last_is_an_error_where_it_shares_a_visitor(
        string path, string name, string value, bool isError)
    {
        await using var site = await StartAsync(context => SetLast(context, name, value));

        using var response = await site.GetAsync(path);
        await site.CompletedAsync();

        response.Headers.GetValues(name).ShouldHaveSingleItem().Split(", ").ShouldBe(value.Split(", "), ignoreOrder: true);
        VisitorCodeTests.SetCookies(response).ShouldNotBeEmpty();
        var errors = site.Log.Texts(210).ToList();
        errors.Count.ShouldBe(isError ? 1 : 0);
        errors.ShouldAllBe(error => error.StartsWith(path + " allowed shared caches", StringComparison.Ordinal)
            && error.Contains("The response was sent with the header.", StringComparison.Ordinal)
            && error.Contains("Response.OnStarting", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/decided", 1)]
    [InlineData("/", 0)]
    public async Task A_header_that_a_later_middleware_sets_last_shares_no_cookie_and_is_an_error_on_a_decided_page(
        string path, int errors)
    {
        await using var site = await StartAsync(
            static context => SetLast(context, "Cache-Control", "public, max-age=600"), isAfter: true);

        using var response = await site.GetAsync(path);
        await site.CompletedAsync();

        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
        site.Log.Texts(210).Count().ShouldBe(errors);
    }

    [Theory]
    [InlineData("/moved")]
    [InlineData("/?kameleoonVisitorCode=known")]
    public async Task A_redirect_that_an_earlier_middleware_makes_public_last_is_an_error_where_it_has_a_cookie(string path)
    {
        await using var site = await TestSite.StartAsync(
            static options => options.QueryParameterRedirect = true,
            map: static app => app.MapGet("/moved", static () => Results.Redirect("/")),
            before: static app => app.Use(static (context, next) =>
            {
                SetLast(context, "Cache-Control", "public, max-age=600");
                return next(context);
            }));

        using var response = await site.GetAsync(path);
        await site.CompletedAsync();

        VisitorCodeTests.SetCookies(response).ShouldNotBeEmpty();
        response.Headers.CacheControl!.Public.ShouldBeTrue();
        site.Log.Texts(210).ShouldHaveSingleItem().ShouldContain("The response was sent with the header.");
    }

    [Fact]
    public async Task Headers_that_share_a_visitor_are_logged_once_a_route()
    {
        await using var site = await StartAsync(static context => SetLast(context, "Cache-Control", "public, max-age=600"));

        foreach (var path in (string[])["/decided", "/decided", "/", "/"])
        {
            using var response = await site.GetAsync(path);
        }

        await site.StopAndReadEventsAsync();
        site.Log.Texts(210).Count().ShouldBe(2);
    }

    private static void SetLast(HttpContext context, string name, string value) => context.Response.OnStarting(() =>
    {
        context.Response.Headers[name] = value;
        return Task.CompletedTask;
    });

    private static Task<TestSite> StartAsync(Action<HttpContext> change, bool isAfter = false)
    {
        Func<HttpContext, RequestDelegate, Task> changing = (context, next) =>
        {
            change(context);
            return next(context);
        };
        return TestSite.StartAsync(
            before: app =>
            {
                if (!isAfter)
                {
                    app.Use(changing);
                }
            },
            map: app =>
            {
                if (isAfter)
                {
                    app.Use(changing);
                }

                app.MapGet("/", static (HttpContext context) =>
                {
                    context.Response.Headers.ETag = "\"a\"";
                    return Results.Content("page", "text/html");
                });
                app.MapGet("/decided", static (IKameleoonClient client) => Results.Content(client.GetVariation("checkout").Key, "text/html"));
            });
    }
}
