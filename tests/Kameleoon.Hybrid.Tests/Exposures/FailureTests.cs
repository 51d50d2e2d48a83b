namespace Kameleoon.Hybrid.Tests;

/// <summary>The server reports the exposures of responses that fail.</summary>
public sealed class FailureTests
{
    private static readonly (string, string) Anna = ("Cookie", "kameleoonVisitorCode=anna");

    [Theory]
    [InlineData("/status/404/checkout")]
    [InlineData("/status/500/checkout")]
    [InlineData("/status/503/checkout")]
    [InlineData("/throws")]
    [InlineData("/throws-after-tag")]
    public async Task A_failed_response_is_reported_once_as_an_error(string path)
    {
        await using var site = await TestSite.StartAsync(map: Map);

        using var response = await site.GetAsync(path, Anna);
        await site.CompletedAsync();

        ((int)response.StatusCode).ShouldBeGreaterThanOrEqualTo(400);
        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "error").ShouldBe(1);
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    [Fact]
    public async Task A_second_page_that_fails_does_not_undo_what_the_first_page_passed_to_the_engine()
    {
        await using var site = await TestSite.StartAsync(map: Map);

        (await site.ReadAsync("/page/checkout", Anna)).ShouldContain("7001,81001");
        using var failed = await site.GetAsync("/throws-after-tag", Anna);
        await site.CompletedAsync();

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("kameleoonVisitorCode=anna", 0)]
    public async Task An_exception_that_nothing_handles_is_logged_where_it_loses_a_new_visitor(string? cookie, int times)
    {
        await using var site = await TestSite.StartAsync(map: Map);

        for (var i = 0; i < 2; i++)
        {
            using var failed = await site.GetAsync("/throws", [("Accept", "text/html"), .. cookie is null ? [] : new[] { ("Cookie", cookie) }]);
            failed.Headers.Contains("Set-Cookie").ShouldBeFalse();
        }

        await site.CompletedAsync();
        site.Log.Texts(406).Count().ShouldBe(times);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "unshared").ShouldBe(2 * times);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_runs_no_callbacks_after_an_exception_loses_no_exposure(bool isAsynchronous)
    {
        await using var site = await TestSite.StartAsync(map: Map);
        var requests = new InProcess(site.App.Services, context =>
        {
            RequestVisitor.Of(context).Client.GetVariation("checkout");
            return isAsynchronous
                ? Task.FromException(new InvalidOperationException("On purpose."))
                : throw new InvalidOperationException("On purpose.");
        });

        await Should.ThrowAsync<InvalidOperationException>(
            () => requests.SendAsync(request => request.Headers.Cookie = "kameleoonVisitorCode=anna"));

        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "error").ShouldBe(1);
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    [Fact]
    public async Task A_client_that_closes_its_connection_after_the_last_byte_has_the_whole_page()
    {
        await using var site = await TestSite.StartAsync(before: app => app.Use(async (context, next) =>
        {
            await next();
            context.RequestAborted = new CancellationToken(canceled: true);
        }));

        (await site.ReadAsync("/page/checkout", Anna)).ShouldContain("7001,81001");

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_error_response_with_the_tag_leaves_the_exposure_to_the_engine()
    {
        await using var site = await TestSite.StartAsync(map: Map);

        using var response = await site.GetAsync("/not-found-page", Anna);

        (await response.Content.ReadAsStringAsync()).ShouldContain("7001,81001");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/throws", true)]
    [InlineData("/throws", false)]
    [InlineData("/throws-after-tag", true)]
    [InlineData("/throws-after-tag", false)]
    [InlineData("/missing", true)]
    [InlineData("/missing", false)]
    public async Task The_server_reports_a_failed_page_whichever_middleware_comes_first(string path, bool errorsFirst)
    {
        await using var site = await TestSite.StartAsync(
            before: app =>
            {
                if (errorsFirst)
                {
                    UseErrorPages(app);
                }
            },
            map: app =>
            {
                if (!errorsFirst)
                {
                    UseErrorPages(app);
                    app.UseRouting();
                }

                Map(app);
            });

        using var response = await site.GetAsync(path, Anna);
        var body = await response.Content.ReadAsStringAsync();
        await site.CompletedAsync();

        body.ShouldContain("7003,81003");
        body.ShouldNotContain("7001");
        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "error").ShouldBe(1);
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    private static void UseErrorPages(WebApplication app)
    {
        app.UseExceptionHandler("/error");
        app.UseStatusCodePagesWithReExecute("/error");
    }

    private static void Map(WebApplication app)
    {
        Pages.Map(app);
        app.MapGet("/throws", string (IKameleoonClient client) =>
        {
            client.GetVariation("checkout");
            throw new InvalidOperationException("On purpose.");
        });
        app.MapGet("/throws-after-tag", string (IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation("checkout");
            Pages.Tracking(context).ShouldContain("7001");
            throw new InvalidOperationException("On purpose.");
        });
        app.MapGet("/missing", (IKameleoonClient client) =>
        {
            client.GetVariation("checkout");
            return Results.NotFound();
        });
        app.MapGet("/not-found-page", (IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation("checkout");
            return Results.Content(Pages.Tracking(context), "text/html", statusCode: 404);
        });
        app.MapGet("/error", (IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation("style");
            return Results.Content(Pages.Tracking(context), "text/html");
        });
    }
}
