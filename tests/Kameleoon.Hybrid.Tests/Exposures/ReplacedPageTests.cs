namespace Kameleoon.Hybrid.Tests;

/// <summary>The server reports the exposures of a page that had taken its tag as text before another response replaced it.
/// </summary>
public sealed class ReplacedPageTests
{
    private static readonly (string, string) Anna = ("Cookie", "kameleoonVisitorCode=anna");

    [Theory]
    [InlineData("/tag-and-404", "/error", true)]
    [InlineData("/tag-and-404", "/error", false)]
    [InlineData("/tag-and-404", "/error-with-tag", true)]
    [InlineData("/tag-and-404", "/error-with-tag", false)]
    [InlineData("/code-and-404", "/error", true)]
    [InlineData("/code-and-404", "/error", false)]
    [InlineData("/code-and-404", "/error-with-tag", false)]
    [InlineData("/tag-and-throw", "/error", true)]
    [InlineData("/tag-and-throw", "/error", false)]
    [InlineData("/tag-and-throw", "/error-with-tag", false)]
    public async Task An_error_page_that_decides_nothing_leaves_the_failed_page_to_the_server(string path, string errorPage, bool errorsFirst)
    {
        await AssertServerReportsAsync(
            path,
            errorsFirst,
            app =>
            {
                app.UseExceptionHandler(errorPage);
                app.UseStatusCodePagesWithReExecute(errorPage);
            });
    }

    [Theory]
    [InlineData("/tag-and-404", true)]
    [InlineData("/tag-and-404", false)]
    [InlineData("/code-and-404", true)]
    [InlineData("/code-and-404", false)]
    public async Task The_framework_s_plain_error_text_leaves_the_failed_page_to_the_server(string path, bool errorsFirst)
    {
        await AssertServerReportsAsync(path, errorsFirst, app => app.UseStatusCodePages());
    }

    [Theory]
    [InlineData("/tag-and-404", true)]
    [InlineData("/code-and-404", false)]
    public async Task Problem_details_of_the_framework_leave_the_failed_page_to_the_server(string path, bool errorsFirst)
    {
        await AssertServerReportsAsync(
            path, errorsFirst, app => app.UseStatusCodePages(), services => services.AddProblemDetails(), "application/problem+json");
    }

    [Theory]
    [InlineData("/code-and-problem", "application/problem+json")]
    [InlineData("/code-and-bad-request", "application/json")]
    [InlineData("/tag-and-throw", "application/json")]
    public async Task Errors_that_are_no_html_leave_the_page_to_the_server(string path, string type)
    {
        await AssertServerReportsAsync(path, errorsFirst: false, UseOwnCatch, type: type);
    }

    private static async Task AssertServerReportsAsync(
        string path,
        bool errorsFirst,
        Action<WebApplication> useErrors,
        Action<IServiceCollection>? services = null,
        string? type = null)
    {
        await using var site = await TestSite.StartAsync(
            services: services,
            before: app =>
            {
                if (errorsFirst)
                {
                    useErrors(app);
                }
            },
            map: app =>
            {
                if (!errorsFirst)
                {
                    useErrors(app);
                    app.UseRouting();
                }

                Map(app);
            });

        using var response = await site.GetAsync(path, Anna);
        var body = await response.Content.ReadAsStringAsync();
        await site.CompletedAsync();

        ((int)response.StatusCode).ShouldBeGreaterThanOrEqualTo(400);
        body.ShouldNotContain("7001");
        if (type is not null)
        {
            response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        }

        site.Metrics.Values("kameleoon.exposures.reported", "outcome").ShouldBe(["error"]);
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    private static void UseOwnCatch(WebApplication app) => app.Use(async (context, next) =>
    {
        try
        {
            await next();
        }
        catch (InvalidOperationException broken)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsJsonAsync(broken.Message);
        }
    });

    private static void Map(WebApplication app)
    {
        app.MapGet("/tag-and-404", (IKameleoonClient client, HttpContext context) =>
        {
            TakeTag(client, context);
            return Results.NotFound();
        });
        app.MapGet("/code-and-404", (IKameleoonClient client) =>
        {
            TakeCode(client);
            return Results.NotFound();
        });
        app.MapGet("/code-and-problem", (IKameleoonClient client) =>
        {
            TakeCode(client);
            return Results.Problem("On purpose.");
        });
        app.MapGet("/code-and-bad-request", (IKameleoonClient client) =>
        {
            TakeCode(client);
            return Results.BadRequest("On purpose.");
        });
        app.MapGet("/tag-and-throw", string (IKameleoonClient client, HttpContext context) =>
        {
            TakeTag(client, context);
            throw new InvalidOperationException("On purpose.");
        });
        app.MapGet("/error", () => Results.Content("<p>Sorry.", "text/html"));
        app.MapGet("/error-with-tag", (HttpContext context) => Results.Content("<p>Sorry." + Pages.Tracking(context), "text/html"));
    }

    private static void TakeTag(IKameleoonClient client, HttpContext context)
    {
        client.GetVariation("checkout");
        Pages.Tracking(context).ShouldContain("7001,81001");
    }

    private static void TakeCode(IKameleoonClient client)
    {
        client.GetVariation("checkout");
        client.GetEngineTrackingCode().ShouldContain("7001,81001");
    }
}
