namespace Kameleoon.Hybrid.Tests;

/// <summary>The variations of all flags are a view of what was decided, and stay as they are.</summary>
public sealed class AllVariationsTests
{
    private const string GoldPlan = """{ "targetingType": "CUSTOM_DATUM", "customDataIndex": "4", "value": "gold", "valueMatchType": "EXACT" }""";
    private const string InOther = """{ "targetingType": "TARGET_FEATURE_FLAG", "featureFlagId": 2 }""";

    [Fact]
    public async Task They_are_in_the_order_of_the_data_file_without_flags_that_are_switched_off()
    {
        await using var site = await TestSite.StartAsync();

        var variations = Client(site).GetVariations();

        variations.Keys.ShouldBe(["checkout", "delivery", "style"]);
        variations.Select(pair => $"{pair.Key}={pair.Value}").ShouldBe(["checkout=on", "delivery=on", "style=on"]);
        variations.Values.ShouldAllBe(variation => variation.IsActive);
        variations.Count.ShouldBe(3);
        variations["style"].Id.ShouldBe(81003);
        variations.ContainsKey("dark").ShouldBeFalse();
        variations.ContainsKey("missing").ShouldBeFalse();
        Should.Throw<KeyNotFoundException>(() => variations["dark"]).Message.ShouldContain("dark");
        Should.Throw<ArgumentNullException>(() => variations.ContainsKey(null!));
    }

    [Fact]
    public async Task Active_ones_only_leave_out_flags_that_are_off_for_the_visitor()
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(DataFiles.Targeted(GoldPlan)));

        var active = Client(site).GetVariations(onlyActive: true);

        active.Keys.ShouldBe(["other"]);
        active.Count.ShouldBe(1);
        active.Values.Single().Key.ShouldBe("on");
        active.TryGetValue("checkout", out _).ShouldBeFalse();
        Client(site).GetVariations().TryGetValue("checkout", out var off).ShouldBeTrue();
        off!.Key.ShouldBe("off");
    }

    [Fact]
    public async Task What_was_returned_stays_when_the_visitor_changes()
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(DataFiles.Targeted(GoldPlan)));
        var client = Client(site);
        var (before, activeBefore) = (client.GetVariations(), client.GetVariations(onlyActive: true));

        client.AddData(new CustomData(4, "gold"));
        var gold = client.GetVariations();
        client.SetForcedVariation(7002, "on");
        var forced = client.GetVariations();
        client.AddData(new CustomData(4, "silver"));

        before["checkout"].Key.ShouldBe("off");
        activeBefore.Keys.ShouldBe(["other"]);
        gold["checkout"].Key.ShouldBe("on");
        gold["other"].Reason.ShouldBe(DecisionReason.Rule);
        forced["other"].Reason.ShouldBe(DecisionReason.Forced);
        client.GetVariations()["checkout"].Key.ShouldBe("off");
        client.GetVariations(onlyActive: true).Keys.ShouldBe(["other"]);
    }

    [Fact]
    public async Task What_was_returned_stays_when_the_data_file_changes()
    {
        var platform = new StubPlatform();
        await using var site = await TestSite.StartAsync(platform: platform);
        var client = Client(site);
        var before = client.GetVariations();

        platform.DataFile = _ => StubPlatform.Json(DataFiles.Shop.Replace("\"on\"", "\"next\"", StringComparison.Ordinal));
        (await site.Configuration.RefreshAsync()).ShouldBeTrue();

        client.GetVariations()["checkout"].Key.ShouldBe("next");
        before["checkout"].Key.ShouldBe("on");
        before.Values.ShouldAllBe(variation => variation.Key == "on");
    }

    [Fact]
    public async Task A_flag_that_depends_on_others_has_the_variation_that_was_decided_in_its_turn()
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(DataFiles.Targeted(InOther)));
        var client = Client(site);

        var first = client.GetVariations();
        var second = client.GetVariations();

        first.Select(pair => $"{pair.Key}={pair.Value}").ShouldBe(["checkout=off", "other=on"]);
        second.Select(pair => $"{pair.Key}={pair.Value}").ShouldBe(["checkout=on", "other=on"]);
        first["checkout"].Key.ShouldBe("off");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_exposure_is_reported_once_and_counted_as_repeated_each_time_after(bool sameClient)
    {
        await using var site = await TestSite.StartAsync();
        var client = Client(site);
        for (var i = 0; i < 4; i++)
        {
            (sameClient ? client : Client(site)).GetVariations();
        }

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "repeated").ShouldBe(9);
        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "none").ShouldBe(3);
        (await site.StopAndReadEventsAsync()).Select(sent => sent["id"]).ShouldBe(["7001", "7002", "7003"], ignoreOrder: true);
    }

    [Fact]
    public async Task Of_many_flags_each_exposure_is_reported_that_was_not_reported_before()
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(DataFiles.Many(150)));
        var client = Client(site);
        client.GetVariation("flag3");

        client.GetVariations();

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "repeated").ShouldBe(1);
        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "none").ShouldBe(150);
        (await site.StopAndReadEventsAsync()).Select(sent => sent["id"])
            .ShouldBe(Enumerable.Range(7001, 150).Select(id => $"{id}"), ignoreOrder: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_reports_each_time_reports_all_each_time(bool sameClient)
    {
        await using var site = await TestSite.StartAsync(options => options.Tracking.ExposureDeduplication = false);
        var client = Client(site);
        for (var i = 0; i < 3; i++)
        {
            (sameClient ? client : Client(site)).GetVariations();
        }

        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "none").ShouldBe(9);
    }

    [Fact]
    public async Task A_refusal_counts_all_but_deliveries_as_refused_each_time()
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(DataFiles.Site("REQUIRED")));
        var client = Client(site);
        client.GetVariations();
        client.SetLegalConsent(false);
        var before = site.Metrics.Sum("kameleoon.events.dropped", "reason", "consent");

        client.GetVariations();
        var refused = site.Metrics.Sum("kameleoon.events.dropped", "reason", "consent") - before;
        client.GetVariations();

        (site.Metrics.Sum("kameleoon.events.dropped", "reason", "consent") - before).ShouldBe(2 * refused);
    }

    [Fact]
    public async Task All_flags_without_tracking_are_for_the_engine_until_one_is_tracked()
    {
        await using var site = await TestSite.StartAsync();
        var client = Client(site);
        client.GetVariations(track: false);
        client.GetVariation("style");

        var code = client.GetEngineTrackingCode();
        client.GetVariation("checkout");

        code.ShouldContain("7001,81001");
        code.ShouldContain("7002,81002");
        code.ShouldNotContain("7003,81003");
        (await site.StopAndReadEventsAsync()).Select(sent => sent["id"]).ShouldBe(["7003"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_server_has_reported_for_a_client_is_not_for_the_engine(bool all)
    {
        await using var site = await TestSite.StartAsync();
        var client = Client(site);
        client.GetVariation("checkout");
        if (all)
        {
            client.GetVariations();
        }

        client.GetVariation("checkout", track: false);
        client.GetVariation("style", track: false);

        var code = client.GetEngineTrackingCode();

        code.ShouldNotContain("7001,81001");
        code.Contains("7003,81003", StringComparison.Ordinal).ShouldBe(!all);
    }

    private static IKameleoonClient Client(TestSite site) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");
}
