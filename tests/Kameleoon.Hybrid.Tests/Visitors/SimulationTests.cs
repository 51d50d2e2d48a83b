namespace Kameleoon.Hybrid.Tests;

/// <summary>A browser may ask for variations by cookie, where the site allows it; nobody else notices.</summary>
public sealed class SimulationTests
{
    private const string Dark = """{"dark":{"expId":7004,"varId":81004}}""";

    [Theory]
    [InlineData(SimulationPolicy.DevelopmentOnly, "Development", "on")]
    [InlineData(SimulationPolicy.DevelopmentOnly, "Production", "off")]
    [InlineData(SimulationPolicy.On, "Production", "on")]
    [InlineData(SimulationPolicy.Off, "Development", "off")]
    public async Task The_setting_says_where_it_is_believed(SimulationPolicy policy, string environment, string expected)
    {
        await using var site = await StartAsync(policy, environment);

        (await site.ReadAsync("/decide/dark", Simulating(Dark))).ShouldBe(expected);
    }

    [Fact]
    public async Task It_is_for_the_request_that_carries_it_and_neither_saved_nor_reported()
    {
        await using var site = await StartAsync();

        (await site.ReadAsync("/decide/checkout", Simulating("""{"checkout":{"expId":0}}"""))).ShouldBe("off");
        (await site.ReadAsync("/decide/dark", Simulating(Dark))).ShouldBe("on");

        site.App.Services.GetRequiredService<VisitorStore>().Count.ShouldBe(0);
        (await site.ReadAsAsync("anna", "/look/checkout")).ShouldBe("on");
        (await site.ReadAsAsync("anna", "/look/dark")).ShouldBe("off");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"nobody":{"expId":1,"varId":1},"dark":{"expId":7004,"varId":81004}}""", "on", "names nothing that the data file has")]
    [InlineData("not json", "off", "is not JSON")]
    [InlineData("[]", "off", "is no JSON object")]
    [InlineData("", "off", null)]
    public async Task Bad_entries_are_passed_over_with_a_word_to_the_developer(string json, string expected, string? problem)
    {
        await using var site = await StartAsync();

        (await site.ReadAsync("/decide/dark", Simulating(json))).ShouldBe(expected);

        if (problem is null)
        {
            site.Log.Texts(204).ShouldBeEmpty();
        }
        else
        {
            site.Log.Texts(204).ShouldHaveSingleItem().ShouldContain(problem);
        }
    }

    [Fact]
    public async Task Four_kilobytes_are_enough()
    {
        await using var site = await StartAsync();

        (await site.ReadAsync("/decide/dark", Simulating(Dark + new string(' ', 1400)))).ShouldBe("off");

        site.Log.Texts(204).ShouldHaveSingleItem().ShouldContain("4096");
    }

    private static (string, string) Simulating(string json) =>
        ("Cookie", $"kameleoonVisitorCode=anna; kameleoonSimulationFFData={Uri.EscapeDataString(json)}");

    private static Task<TestSite> StartAsync(
        SimulationPolicy policy = SimulationPolicy.DevelopmentOnly,
        string environment = "Development") =>
        TestSite.StartAsync(options => options.Simulation = policy, environment: environment);
}
