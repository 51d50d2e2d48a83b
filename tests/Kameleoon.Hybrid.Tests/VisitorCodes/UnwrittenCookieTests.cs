namespace Kameleoon.Hybrid.Tests;

/// <summary>The browser does not have a code that no response sets as a cookie, so nothing is reported under that code.</summary>
public sealed class UnwrittenCookieTests
{
    [Theory]
    [InlineData("/json", true)]
    [InlineData("/redirect", true)]
    [InlineData("/page", true)]
    [InlineData("/json?cache=public,%20max-age=60", false)]
    [InlineData("/redirect?cache=s-maxage=60", false)]
    public async Task A_conversion_under_a_code_without_a_cookie_is_dropped_and_counted(string path, bool onlyOnDecision)
    {
        await using var site = await TestSite.StartAsync(options => options.Cookie.OnlyOnDecision = onlyOnDecision, Map);

        using var response = await site.SendAsync(HttpMethod.Post, path);

        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "unshared").ShouldBe(1);
    }

    [Theory]
    [InlineData("/json")]
    [InlineData("/redirect")]
    [InlineData("/page")]
    [InlineData("/redirect?cache=no-store")]
    public async Task A_conversion_under_a_code_that_the_cookie_has_is_reported(string path)
    {
        await using var site = await TestSite.StartAsync(map: Map);

        using var response = await site.SendAsync(HttpMethod.Post, path);

        response.Headers.Contains("Set-Cookie").ShouldBeTrue();
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["eventType"].ShouldBe("conversion");
    }

    private static void Map(WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.Query["cache"] is [{ } cache])
            {
                context.Response.Headers.CacheControl = cache;
            }

            return next(context);
        });
        app.MapPost("/json", Convert(Results.Json(1)));
        app.MapPost("/redirect", Convert(Results.Redirect("/thanks")));
        app.MapPost("/page", Convert(Results.Content("x", "text/html")));
    }

    private static Func<IKameleoonClient, IResult> Convert(IResult answer) => client =>
    {
        client.TrackConversion(55);
        return answer;
    };
}
