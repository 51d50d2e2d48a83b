namespace Kameleoon.Hybrid.Tests;

/// <summary>Tracking code as text for a response whose body the browser does not get.</summary>
public sealed class BodilessResponseTests
{
    private static readonly (string, string) Anna = ("Cookie", "kameleoonVisitorCode=anna");

    [Fact]
    public async Task A_decision_for_HEAD_is_counted_and_the_next_one_is_reported()
    {
        await using var site = await TestSite.StartAsync(map: MapText);

        using var head = await site.SendAsync(HttpMethod.Head, "/text/checkout", Anna);
        await site.ReadAsync("/json/checkout", Anna);

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "head").ShouldBe(1);
        (await site.StopAndReadEventsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task HEAD_leaves_the_exposure_of_a_redirect_to_the_page()
    {
        await using var site = await TestSite.StartAsync(map: MapText);

        using var redirect = await site.GetAsync("/redirect/checkout", Anna);
        using var head = await site.SendAsync(HttpMethod.Head, "/text", Anna);

        (await site.ReadAsync("/text", Anna)).ShouldContain("7001");
    }

    [Theory]
    [InlineData(204, true)]
    [InlineData(204, false)]
    [InlineData(205, false)]
    [InlineData(302, true)]
    public async Task The_server_reports_what_was_rendered_for_a_status_without_a_body(int status, bool isSetFirst)
    {
        await using var site = await TestSite.StartAsync(
            map: app => app.MapGet("/", (HttpContext context, IKameleoonClient client) =>
            {
                context.Response.StatusCode = isSetFirst ? status : 200;
                client.GetVariation("checkout");
                client.GetEngineTrackingCode().ShouldNotBeNull();
                context.Response.StatusCode = status;
            }));

        using var answer = await site.GetAsync("/", Anna);

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    private static void MapText(WebApplication app)
    {
        app.MapMethods("/text/{key}", ["GET", "HEAD"], (string key, IKameleoonClient client) =>
        {
            client.GetVariation(key);
            return Results.Content(client.GetEngineTrackingCode(), "text/html");
        });
        app.MapMethods("/text", ["GET", "HEAD"], (IKameleoonClient client) =>
            Results.Content(client.GetEngineTrackingCode(), "text/html"));
        app.MapGet("/redirect/{key}", (string key, IKameleoonClient client) =>
        {
            client.GetVariation(key);
            return Results.Redirect("/text");
        });
        app.MapGet("/json/{key}", (string key, IKameleoonClient client) => Results.Json(client.GetVariation(key).Key));
    }
}
