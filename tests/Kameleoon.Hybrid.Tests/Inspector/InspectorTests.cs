using AngleSharp.Html.Dom;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The inspector tells a developer everything about the page, and nobody else anything.</summary>
public sealed class InspectorTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Outside_of_development_there_is_none(string environment)
    {
        await using var site = await TagSite.StartAsync(environment: environment);

        var html = await site.ReadAsAsync("anna", "/inspected");

        html.ShouldNotContain("kameleoonInspector");
        html.ShouldNotContain("anna");
    }

    [Fact]
    public async Task It_shows_the_visitor_every_flag_with_its_reasons_and_who_reports_what()
    {
        await using var site = await TagSite.StartAsync(environment: "Development");

        using var page = TagSite.Parse(await site.ReadAsAsync("anna", "/inspected"));

        var panel = page.QuerySelector("#kameleoonInspector")!;
        panel.QuerySelector("code")!.TextContent.ShouldBe("anna");
        panel.QuerySelectorAll("section > details > summary").Select(flag => flag.TextContent)
            .ShouldBe(["checkout: on Rule", "delivery: on Rule", "style: on Rule", "dark: off Disabled"]);
        panel.QuerySelector("pre")!.TextContent.ShouldStartWith("checkout for anna is on (Rule)\n");
        panel.QuerySelectorAll("li").Select(report => report.TextContent).ShouldBe(
        [
            "experiment 7001, variation 81001: the engine",
            "experiment 7003, variation 81003: not reported: decided without tracking",
        ]);
        page.QuerySelectorAll("#kameleoonInspector ~ script, body > style")
            .ShouldAllBe(element => element.GetAttribute("nonce") == "n1");
    }

    [Fact]
    public async Task It_neither_reports_nor_keeps_anything_itself()
    {
        await using var site = await TagSite.StartAsync(environment: "Development");

        await site.ReadAsAsync("anna", "/inspected");

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_offers_each_variation_as_the_simulation_cookie_names_it_and_shows_the_one_that_is_simulated()
    {
        await using var site = await TagSite.StartAsync(environment: "Development");
        var cookie = Uri.EscapeDataString("""{"checkout":{"expId":0}}""");

        using var page = TagSite.Parse(await site.ReadAsync(
            "/inspected", ("Cookie", "kameleoonVisitorCode=anna; kameleoonSimulationFFData=" + cookie)));

        var choice = page.QuerySelectorAll("select").Cast<IHtmlSelectElement>().First();
        choice.Options.Select(option => option.Value)
            .ShouldBe(["", """{"expId":0}""", """{"expId":7001,"varId":81001}"""]);
        choice.Value.ShouldBe("""{"expId":0}""");
        page.QuerySelector("summary b")!.TextContent.ShouldBe("off");
    }

    [Fact]
    public async Task Where_simulation_is_off_nothing_can_be_chosen()
    {
        await using var site = await TagSite.StartAsync(
            options => options.Simulation = SimulationPolicy.Off, environment: "Development");

        using var page = TagSite.Parse(await site.ReadAsAsync("anna", "/inspected"));

        page.QuerySelectorAll("select").ShouldBeEmpty();
        page.QuerySelector("#kameleoonInspector")!.TextContent.ShouldContain("Kameleoon:Simulation");
    }
}
