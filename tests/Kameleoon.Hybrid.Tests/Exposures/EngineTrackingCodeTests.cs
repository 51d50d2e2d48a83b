using System.Globalization;

namespace Kameleoon.Hybrid.Tests;

public sealed class EngineTrackingCodeTests
{
    [Fact]
    public void The_code_is_the_official_one_byte_for_byte()
    {
        EngineTrackingCode.Of([Entry(new(123456, 7890, RunsInBrowser: false, false)), Entry(new(223344, 5566, RunsInBrowser: true, true))])
            .ShouldBe("window.kameleoonQueue=window.kameleoonQueue||[];"
                + "window.kameleoonQueue.push(['Experiments.assignVariation',123456,7890,true]);"
                + "window.kameleoonQueue.push(['Experiments.trigger',123456,true]);"
                + "window.kameleoonQueue.push(['Experiments.assignVariation',223344,5566,true]);"
                + "window.kameleoonQueue.push(['Experiments.trigger',223344,false]);");
    }

    [Theory]
    [InlineData("fr-FR")]
    [InlineData("ar-SA")]
    [InlineData("sv-SE")]
    public void No_culture_changes_the_numbers(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            EngineTrackingCode.Of([Entry(new(1234567, -5, false, false))]).ShouldContain("assignVariation',1234567,-5,true");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_method_carries_looks_too_and_makes_the_engine_their_owner(bool track)
    {
        await using var site = await TestSite.StartAsync();

        var code = await site.ReadAsync($"/engine-code/style?track={(track ? "true" : "false")}");

        code.ShouldBe("window.kameleoonQueue=window.kameleoonQueue||[];"
            + "window.kameleoonQueue.push(['Experiments.assignVariation',7003,81003,true]);"
            + "window.kameleoonQueue.push(['Experiments.trigger',7003,false]);");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_decision_the_method_gives_the_queue_only_and_the_tag_nothing()
    {
        await using var site = await TestSite.StartAsync(map: app =>
        {
            app.Map("/method", (IKameleoonClient client) => client.GetEngineTrackingCode());
            app.Map("/tag", (HttpContext context) => Pages.Tracking(context));
        });

        (await site.ReadAsync("/method")).ShouldBe("window.kameleoonQueue=window.kameleoonQueue||[];");
        (await site.ReadAsync("/tag")).ShouldBeEmpty();
    }

    private static ExposureEntry Entry(Exposure exposure) => new(exposure, track: true);
}
