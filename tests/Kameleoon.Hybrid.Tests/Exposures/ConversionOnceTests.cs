namespace Kameleoon.Hybrid.Tests;

/// <summary>A conversion with an id is reported once.</summary>
public sealed class ConversionOnceTests
{
    private static readonly (string, string) Anna = ("Cookie", "kameleoonVisitorCode=anna");

    [Fact]
    public async Task A_page_that_is_loaded_again_reports_a_pair_of_goal_and_id_once()
    {
        await using var site = await StartAsync();

        for (var load = 0; load < 3; load++)
        {
            await site.ReadAsync("/thanks/55/order-1", Anna);
        }

        await site.ReadAsync("/thanks/55/order-2", Anna);
        await site.ReadAsync("/thanks/56/order-1", Anna);
        await site.ReadAsync("/thanks/55/order-1", ("Cookie", "kameleoonVisitorCode=ben"));

        (await site.StopAndReadEventsAsync()).Where(sent => sent["eventType"] == "conversion")
            .Select(sent => $"{sent["visitorCode"]} {sent["goalId"]}").Order(StringComparer.Ordinal)
            .ShouldBe(["anna 55", "anna 55", "anna 56", "ben 55"]);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "repeated").ShouldBe(2);
    }

    [Fact]
    public async Task Taking_a_conversion_away_is_another_conversion_of_the_same_id()
    {
        await using var site = await StartAsync();
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

        client.TrackConversion(55, "order-1", 9.9m);
        client.TrackConversion(55, "order-1", -9.9m, negative: true);
        client.AddData(new Conversion(55, 9.9m) { Id = "order-1" });

        (await site.StopAndReadEventsAsync()).Select(sent => sent["negative"]).Order(StringComparer.Ordinal).ShouldBe(["false", "true"]);
    }

    [Fact]
    public async Task Another_server_sends_the_same_conversion_with_the_same_nonce()
    {
        var nonces = new List<string>();
        for (var server = 0; server < 2; server++)
        {
            await using var site = await StartAsync();
            await site.ReadAsync("/thanks/55/order-1", Anna);
            nonces.Add((await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["nonce"]);
        }

        nonces[1].ShouldBe(nonces[0]);
        nonces[0].Length.ShouldBe(16);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x101")]
    public async Task An_id_that_is_empty_or_too_long_is_refused(string id)
    {
        await using var site = await StartAsync();
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

        var unfit = id.Length == 0 ? "" : new string('x', 101);
        Should.Throw<ArgumentException>(() => client.TrackConversion(55, unfit));
        Should.Throw<ArgumentException>(() => client.AddData(new Conversion(55) { Id = unfit }))
            .Message.ShouldStartWith($"The id of a conversion has 1 to 100 characters; this one has {unfit.Length}.");
    }

    [Fact]
    public void A_tag_with_an_id_sends_its_command_once_a_browser_when_the_engine_runs()
    {
        var commands = new EngineCommands();

        commands.Add(EngineCommands.Conversion(55, 9.9m, "</script>\"1"));

        var code = commands.ToCode(awaitsConsent: false);
        code.ShouldStartWith("window.kameleoonQueue.push(function(){try{var s=localStorage,k=\"kameleoonConversion:55:");
        code.ShouldContain("if(s.getItem(k))return;s.setItem(k,1)}catch(e){}window.kameleoonQueue.push([\"Goals.processConversion\",55,9.9]);");
        code.ShouldNotContain("</script>");
    }

    private static Task<TestSite> StartAsync() => TestSite.StartAsync(map: app =>
        app.MapGet("/thanks/{goal:int}/{id}", (int goal, string id, IKameleoonClient client) =>
            client.TrackConversion(goal, id, 129.90m)));
}
