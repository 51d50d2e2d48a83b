namespace Kameleoon.Hybrid.Tests;

public sealed class ForcedVariationTests
{
    private const string Nobody = """{ "targetingType": "VISITOR_CODE", "matchType": "EXACT", "visitorCode": "nobody" }""";

    [Fact]
    public async Task It_holds_for_the_visitor_s_later_requests_and_no_other_visitor_until_it_is_withdrawn()
    {
        await using var site = await StartAsync();

        (await site.ReadAsAsync("anna", "/force?experiment=7001&key=on")).ShouldBe("Forced");
        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("on");
        (await site.ReadAsAsync("bert", "/decide/checkout")).ShouldBe("off");
        (await site.ReadAsAsync("anna", "/force?experiment=7001")).ShouldBe("Withdrawn");
        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("off");
    }

    [Fact]
    public async Task It_is_saved_and_reported_like_any_other()
    {
        await using var site = await StartAsync();
        await site.ReadAsAsync("anna", "/force?experiment=7001&key=on");
        await site.ReadAsAsync("anna", "/decide/checkout");

        var sent = (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();

        (sent["eventType"], sent["id"], sent["variationId"]).ShouldBe(("experiment", "7001", "81001"));
    }

    [Theory]
    [InlineData("/force?experiment=1&key=on", "UnknownExperiment")]
    [InlineData("/force?experiment=7001&key=none", "UnknownVariation")]
    [InlineData("/force?experiment=1", "Withdrawn")]
    public async Task What_cannot_be_forced_is_said_and_nothing_is_kept(string path, string expected)
    {
        await using var site = await StartAsync();

        (await site.ReadAsAsync("anna", path)).ShouldBe(expected);

        site.App.Services.GetRequiredService<VisitorStore>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task Without_forced_targeting_the_segment_still_decides()
    {
        await using var site = await StartAsync();
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

        client.SetForcedVariation(7001, "on", forceTargeting: false).ShouldBe(ForcedVariationResult.Forced);

        client.GetVariation("checkout").Reason.ShouldBe(DecisionReason.Default);
    }

    [Fact]
    public async Task Before_the_first_data_file_no_experiment_is_known()
    {
        var platform = new StubPlatform { DataFile = _ => new HttpResponseMessage(System.Net.HttpStatusCode.NotFound) };
        await using var site = await TestSite.StartAsync(platform: platform);
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

        client.SetForcedVariation(7001, "on").ShouldBe(ForcedVariationResult.UnknownExperiment);
        client.GetDataFile().ShouldBeNull();
        client.GetFeatureList().ShouldBeEmpty();
        client.Explain("checkout").ShouldBeNull();
        client.EvaluateAudiences();
        client.AddData(new CustomData(1, "x"));
    }

    private static Task<TestSite> StartAsync() => TestSite.StartAsync(
        map: app =>
        {
            Pages.Map(app);
            app.MapGet("/force", (long experiment, string? key, IKameleoonClient client) =>
                client.SetForcedVariation(experiment, key).ToString());
        },
        platform: DataFiles.Serving(DataFiles.Targeted(Nobody)));
}
