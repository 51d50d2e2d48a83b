namespace Kameleoon.Hybrid.Tests;

/// <summary>Conditions on other flags and experiments see what the visitor got there.</summary>
public sealed class SavedAssignmentTests
{
    private const string InOther = """{ "targetingType": "TARGET_FEATURE_FLAG", "featureFlagId": 2 }""";
    private const string InNoOther = """{ "targetingType": "EXCLUSIVE_EXPERIMENT", "campaignType": "EXPERIMENT" }""";

    [Theory]
    [InlineData("/decide/other")]
    [InlineData("/look/other")]
    public async Task Tracked_or_not_a_decision_is_known_to_the_next(string path)
    {
        await using var site = await StartAsync(InOther);

        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("off");
        await site.ReadAsAsync("anna", path);
        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("on");
        (await site.ReadAsAsync("bert", "/decide/checkout")).ShouldBe("off");
    }

    [Fact]
    public async Task Within_one_page_too()
    {
        await using var site = await StartAsync(InOther);

        (await site.ReadAsAsync("anna", "/both")).ShouldBe("off, on, on");
    }

    [Fact]
    public async Task An_exclusive_experiment_leaves_out_whoever_is_in_another()
    {
        await using var site = await StartAsync(InNoOther);

        (await site.ReadAsAsync("anna", "/both")).ShouldBe("on, on, off");
    }

    [Fact]
    public async Task A_simulated_variation_is_none()
    {
        await using var site = await StartAsync(InOther, options => options.Simulation = SimulationPolicy.On);

        await site.ReadAsync("/decide/other", ("Cookie",
            "kameleoonVisitorCode=anna; kameleoonSimulationFFData=%7B%22other%22%3A%7B%22expId%22%3A7002%2C%22varId%22%3A81002%7D%7D"));

        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("off");
    }

    private static Task<TestSite> StartAsync(string condition, Action<KameleoonOptions>? options = null) => TestSite.StartAsync(
        options,
        app =>
        {
            Pages.Map(app);
            app.MapGet("/both", (IKameleoonClient client) =>
            {
                string Decide(string flag) => client.GetVariation(flag).Key;
                return $"{Decide("checkout")}, {Decide("other")}, {Decide("checkout")}";
            });
        },
        DataFiles.Serving(DataFiles.Targeted(condition)));
}
