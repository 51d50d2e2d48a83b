namespace Kameleoon.Hybrid.Tests;

/// <summary>What was decided for a visitor is not decided again, and never outlives what it was decided from.</summary>
public sealed class RememberedDecisionTests
{
    private const string GoldPlan = """{ "targetingType": "CUSTOM_DATUM", "customDataIndex": "4", "value": "gold", "valueMatchType": "EXACT" }""";

    [Fact]
    public async Task A_returning_visitor_is_decided_for_without_memory_and_with_the_same_result()
    {
        await using var site = await TestSite.StartAsync();
        Variation Decide() => Client(site).GetVariation("checkout", track: false);
        var first = Decide();
        Decide().ShouldBeSameAs(first);
        var client = Client(site);
        client.GetVariation("checkout", track: false);

        // What the runtime sets up once is not the decisions'.
        Enumerable.Range(0, 5).Min(_ => AllocatedBy(client)).ShouldBe(0);
    }

    [Fact]
    public async Task Data_that_is_added_changes_the_next_decision_of_every_client_of_the_visitor()
    {
        await using var site = await TestSite.StartAsync(
            platform: DataFiles.Serving(DataFiles.Targeted(GoldPlan)));
        var early = Client(site);
        early.GetVariation("checkout").Key.ShouldBe("off");
        early.GetVariations()["checkout"].Key.ShouldBe("off");
        Client(site).GetVariation("checkout").Key.ShouldBe("off");

        Client(site).AddData(new CustomData(4, "gold"));

        early.GetVariation("checkout").Key.ShouldBe("on");
        early.GetVariations()["checkout"].Key.ShouldBe("on");
        Client(site).GetVariation("checkout").Key.ShouldBe("on");
        Client(site).AddData(new CustomData(4, "silver"));
        early.GetVariation("checkout").Key.ShouldBe("off");
    }

    [Fact]
    public async Task Forcing_a_variation_and_withdrawing_it_takes_effect_at_once()
    {
        await using var site = await TestSite.StartAsync(
            platform: DataFiles.Serving(DataFiles.Targeted(GoldPlan)));
        var client = Client(site);
        Client(site).GetVariation("checkout").Key.ShouldBe("off");
        client.GetVariation("checkout").Key.ShouldBe("off");

        client.SetForcedVariation(DataFiles.Experiment, "on");
        client.GetVariation("checkout").Key.ShouldBe("on");

        client.SetForcedVariation(DataFiles.Experiment, null);
        client.GetVariation("checkout").Key.ShouldBe("off");
    }

    [Fact]
    public async Task A_code_that_becomes_another_name_of_a_person_is_bucketed_as_that_person_at_once()
    {
        const string everybody = """{ "variationKey": "on", "variationId": 81002, "exposition": 1 }""";
        const string half = """{ "variationKey": "on", "variationId": 81002, "exposition": 0.5 }""";
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(
            DataFiles.Targeted(GoldPlan).Replace(everybody, half, StringComparison.Ordinal)));
        string Decide(string visitorCode) => Client(site, visitorCode).GetVariation("other").Key;
        var phone = Enumerable.Range(0, 100).Select(i => $"phone{i}")
            .First(code => !string.Equals(Decide(code), Decide("anna"), StringComparison.Ordinal));
        Decide(phone);

        Client(site).AddData(new CustomData(7, phone));

        Decide(phone).ShouldBe(Decide("anna"));
    }

    [Fact]
    public async Task Another_data_file_decides_anew_and_the_old_one_is_let_go_although_the_visitor_stays_away()
    {
        var clock = new ManualClock();
        var platform = new StubPlatform();
        await using var site = await TestSite.StartAsync(
            options => options.SessionDuration = TimeSpan.FromDays(1), platform: platform, clock: clock);
        var visitors = site.App.Services.GetRequiredService<VisitorStore>();
        var old = Remember(site);

        platform.DataFile = _ => StubPlatform.Json(
            DataFiles.Shop.Replace("\"on\"", "\"next\"", StringComparison.Ordinal));
        await site.RefreshAsync(TimeSpan.FromMinutes(60));
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromHours(12) && old.IsAlive; passed += visitors.SweepInterval)
        {
            await site.MoveAsync(visitors.SweepInterval);
            await Task.Delay(1);
            GC.Collect();
        }

        old.IsAlive.ShouldBeFalse();
        visitors.Count.ShouldBe(1);
        Client(site).GetVariation("checkout").Key.ShouldBe("next");
    }

    private static long AllocatedBy(IKameleoonClient client)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            client.GetVariation("checkout", track: false);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static WeakReference Remember(TestSite site)
    {
        Client(site).GetVariation("checkout");
        Client(site).GetVariation("checkout");
        return new WeakReference(Client(site).GetDataFile());
    }

    private static IKameleoonClient Client(TestSite site, string visitorCode = "anna") =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitorCode);
}
