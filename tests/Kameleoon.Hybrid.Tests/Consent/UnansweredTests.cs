namespace Kameleoon.Hybrid.Tests;

/// <summary>Consent is required, and a new visitor has not answered yet: exposures wait where the visitor's code survives.</summary>
public sealed class UnansweredTests
{
    [Theory]
    [InlineData("/page/checkout", true)]
    [InlineData("/page/checkout", false)]
    [InlineData("/throws", true)]
    [InlineData("/throws", false)]
    [InlineData("/missing", true)]
    [InlineData("/missing", false)]
    public async Task A_page_and_a_failed_page_wait_under_the_code_that_the_page_passes_to_the_engine(string path, bool errorsFirst)
    {
        await using var site = await StartAsync(errorsFirst);

        using var response = await site.GetAsync(path);
        var html = await response.Content.ReadAsStringAsync();
        var code = html.Split("setVisitorCode\",\"")[1].Split('"')[0];
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(code).SetLegalConsent(true);

        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        var byServer = (await site.StopAndReadEventsAsync()).Where(sent => sent["eventType"] == "experiment").ToList();
        byServer.ShouldAllBe(sent => sent["visitorCode"] == code);
        (byServer.Count(sent => sent["variationId"] == "81001") + (html.Contains("7001,81001", StringComparison.Ordinal) ? 1 : 0)).ShouldBe(1);
        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(0);
        site.Log.Texts(405).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_decision_after_the_answer_is_reported_although_the_engine_had_to_hold_the_exposure_before()
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(DataFiles.Site("REQUIRED")));
        await site.ReadAsAsync("anna", "/page/checkout");
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna").SetLegalConsent(true);

        await site.ReadAsAsync("anna", "/decide/checkout");

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    [Theory]
    [InlineData("/moved")]
    [InlineData("/decide/checkout")]
    [InlineData("/fails")]
    public async Task A_response_after_which_the_code_is_lost_drops_the_exposure_and_says_so_once(string path)
    {
        await using var site = await StartAsync(errorsFirst: null);

        using var first = await site.GetAsync(path);
        using var second = await site.GetAsync(path);

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "unshared").ShouldBe(2);
        site.Log.Texts(405).ShouldHaveSingleItem().ShouldContain(path.Split('/')[1]);
    }

    [Theory]
    [InlineData("Cookie", "kameleoonVisitorCode=anna")]
    [InlineData("User-Agent", Agents.Googlebot)]
    [InlineData("Sec-Purpose", "prefetch")]
    [InlineData("Sec-Fetch-Dest", "empty")]
    public async Task Other_requests_log_nothing(string name, string value)
    {
        await using var site = await StartAsync(errorsFirst: null);

        using var _ = await site.GetAsync("/moved", (name, value));
        await site.CompletedAsync();

        site.Log.Texts(405).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_redirect_of_a_visitor_with_a_cookie_waits_for_the_answer()
    {
        await using var site = await StartAsync(errorsFirst: null);

        using var _ = await site.GetAsync("/moved", ("Cookie", "kameleoonVisitorCode=anna"));
        await site.ReadAsAsync("anna", "/plain");
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna").SetLegalConsent(true);

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    private static Task<TestSite> StartAsync(bool? errorsFirst) => TestSite.StartAsync(
        platform: DataFiles.Serving(WithoutDelivery()),
        before: app =>
        {
            if (errorsFirst == true)
            {
                UseErrorPages(app);
            }
        },
        map: app =>
        {
            if (errorsFirst == false)
            {
                UseErrorPages(app);
                app.UseRouting();
            }

            Pages.Map(app);
            app.MapGet("/throws", string (IKameleoonClient client) =>
            {
                client.GetVariation("checkout");
                throw new InvalidOperationException("On purpose.");
            });
            app.MapGet("/missing", (IKameleoonClient client) =>
            {
                client.GetVariation("checkout");
                return Results.NotFound();
            });
            app.MapGet("/fails", (IKameleoonClient client) =>
            {
                client.GetVariation("checkout");
                return Results.StatusCode(500);
            });
            app.MapGet("/moved", (IKameleoonClient client) =>
            {
                client.GetVariation("checkout");
                return Results.Redirect("/plain");
            });
            app.MapGet("/error", (IKameleoonClient client, HttpContext context) =>
            {
                client.GetVariation("style");
                return Results.Content(Pages.Tracking(context), "text/html");
            });
        });

    private static void UseErrorPages(WebApplication app)
    {
        app.UseExceptionHandler("/error");
        app.UseStatusCodePagesWithReExecute("/error");
    }

    // A delivery would justify the cookie.
    private static string WithoutDelivery() =>
        DataFiles.Site("REQUIRED").Replace("TARGETED_DELIVERY", "EXPERIMENTATION", StringComparison.Ordinal);
}
