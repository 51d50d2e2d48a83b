namespace Kameleoon.Hybrid.Tests;

/// <summary>Responses that show no page: what no person asked for is not reported, the rest is.</summary>
public sealed class UnseenTests
{
    [Fact]
    [Spec("H12")]
    public async Task A_request_for_the_headers_alone_is_not_reported()
    {
        await using var site = await StartAsync();

        using var response = await site.SendAsync(HttpMethod.Head, "/decide/checkout", ("Cookie", "kameleoonVisitorCode=someone"));
        await site.CompletedAsync();

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "head").ShouldBe(1);
    }

    [Fact]
    [Spec("H12")]
    public async Task What_the_tag_would_have_carried_is_not_reported_for_the_headers_alone()
    {
        await using var site = await StartAsync(options => options.ExposureBy = ExposureOwner.Both);

        using var response = await site.SendAsync(HttpMethod.Head, "/page/checkout", ("Cookie", "kameleoonVisitorCode=someone"));
        await site.CompletedAsync();

        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_reported_under_a_code_that_nobody_else_has_is_dropped_and_counted()
    {
        await using var site = await TestSite.StartAsync(map: app => app.MapPost("/", (IKameleoonClient client) =>
        {
            client.AddData(new CustomData(1, "x"));
            client.TrackConversion(55);
            client.EvaluateAudiences();
        }));

        // A script's request sets no cookie: the code that was made up for it ends with the response.
        using var orphan = await site.SendAsync(HttpMethod.Post, "/", ("Sec-Fetch-Dest", "empty"));
        await site.CompletedAsync();
        using var navigation = await site.SendAsync(HttpMethod.Post, "/", ("Sec-Fetch-Dest", "document"));
        using var known = await site.SendAsync(
            HttpMethod.Post, "/", ("Sec-Fetch-Dest", "empty"), ("Cookie", "kameleoonVisitorCode=someone"));

        var events = await site.StopAndReadEventsAsync();
        events.Select(sent => sent["eventType"]).Order(StringComparer.Ordinal)
            .ShouldBe(["conversion", "conversion", "customData", "customData"]);
        events.Count(sent => sent["visitorCode"] == "someone").ShouldBe(2);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "unshared").ShouldBe(2);
    }

    [Theory]
    [InlineData("/throws")]
    [InlineData("/missing")]
    [Spec("H12")]
    public async Task An_error_page_is_the_same_visitor_s_and_leaves_the_failed_page_to_the_server(string path)
    {
        await using var site = await TestSite.StartAsync(
            before: app =>
            {
                app.UseExceptionHandler("/error");
                app.UseStatusCodePagesWithReExecute("/error");
            },
            map: app =>
            {
                app.Map("/throws", (IKameleoonClient client) =>
                {
                    client.GetVariation("checkout");
                    throw new InvalidOperationException("On purpose.");
                });
                app.Map("/missing", (IKameleoonClient client) =>
                {
                    client.GetVariation("checkout");
                    return Results.NotFound();
                });
                app.Map("/error", (IKameleoonClient client, HttpContext context) =>
                {
                    client.GetVariation("style");
                    return Results.Content(client.GetVisitorCode() + Pages.Tracking(context), "text/html");
                });
            });

        using var response = await site.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();

        body.ShouldContain("7003,81003");
        body.ShouldNotContain("7001");
        var cookie = VisitorCodeTests.SetCookies(response)
            .Where(text => text.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal)).ShouldHaveSingleItem();
        body.ShouldStartWith(cookie.Split('=', ';')[1]);
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "error").ShouldBe(1);
    }

    [Fact]
    [Spec("H12")]
    public async Task A_response_whose_visitor_left_before_its_end_is_reported()
    {
        var decided = new TaskCompletionSource();
        await using var site = await TestSite.StartAsync(map: app => app.Map("/", async (HttpContext context) =>
        {
            RequestVisitor.Of(context).Client.GetVariation("checkout");
            await context.Response.WriteAsync("half a page");
            await context.Response.Body.FlushAsync();
            decided.SetResult();
            var left = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(left.SetResult);
            await left.Task;
        }));
        using var leaving = new CancellationTokenSource();
        var request = site.Http.GetAsync(new Uri("/", UriKind.Relative), leaving.Token);
        await decided.Task;

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => request);
        await site.CompletedAsync();
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "aborted").ShouldBe(1);
        site.Log.Texts(311).ShouldHaveSingleItem().ShouldContain("aborted");
    }

    [Theory]
    [InlineData("empty", "cors")]
    [InlineData("image", "no-cors")]
    [InlineData("script", "no-cors")]
    [InlineData("iframe", "navigate")]
    [Spec("H14")]
    public async Task A_request_beside_the_navigation_makes_up_no_visitor(string destination, string mode)
    {
        await using var site = await StartAsync();

        using var response = await site.GetAsync(
            "/page/checkout", ("Sec-Fetch-Dest", destination), ("Sec-Fetch-Mode", mode));

        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    [Spec("H14")]
    public async Task A_request_beside_the_navigation_counts_for_the_visitor_whose_cookie_it_brings()
    {
        await using var site = await StartAsync();

        await site.ReadAsync(
            "/decide/checkout", ("Sec-Fetch-Dest", "empty"), ("Cookie", "kameleoonVisitorCode=someone"));

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["visitorCode"].ShouldBe("someone");
    }

    private static Task<TestSite> StartAsync(Action<KameleoonOptions>? options = null) => TestSite.StartAsync(options, Map);

    private static void Map(WebApplication app)
    {
        app.MapMethods("/decide/{key}", ["GET", "HEAD"], (string key, IKameleoonClient client) => client.GetVariation(key).Key);
        app.MapMethods("/page/{key}", ["GET", "HEAD"], (string key, IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation(key);
            return Results.Content(Pages.Tracking(context), "text/html");
        });
    }
}
