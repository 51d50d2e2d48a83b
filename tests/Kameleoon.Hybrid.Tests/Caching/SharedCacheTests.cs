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
    [InlineData("no-store")]
    [InlineData("private, max-age=60")]
    [InlineData("max-age=5, private")]
    public async Task What_no_shared_cache_keeps_stays_as_the_application_said_it(string value)
    {
        await using var site = await StartAsync(context => context.Response.Headers.CacheControl = value);

        using var response = await site.GetAsync("/");

        VisitorCodeTests.SetCookies(response).ShouldNotBeEmpty();
        response.Headers.CacheControl.ShouldBe(CacheControlHeaderValue.Parse(value));
    }

    [Theory]
    [InlineData("no-cache=\"X-Account\", max-age=600")]
    [InlineData("private=\"X-Account\", max-age=600")]
    [InlineData("max-age=60, private=\"Set-Cookie, X-Account\"")]
    [Spec("S5")]
    public async Task What_is_private_in_some_headers_only_is_shared_and_has_no_cookie(string value)
    {
        await using var site = await StartAsync(context => context.Response.Headers.CacheControl = value);

        using var response = await site.GetAsync("/");

        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
        response.Headers.CacheControl.ShouldBe(CacheControlHeaderValue.Parse(value));
    }

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
