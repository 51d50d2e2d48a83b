namespace Kameleoon.Hybrid.Tests;

/// <summary>What each answer lets a visitor see, and what of it leaves the server, for every way a site reads a refusal.</summary>
public sealed class ConsentTableTests
{
    private const string Delivery = "experiment 223344";
    private const string Purchase = "conversion 60";

    [Theory]
    [InlineData("PARTIALLY_BLOCK", null, "on", DecisionReason.Rule, new[] { Delivery, Purchase })]
    [InlineData("FULLY_BLOCK", null, "on", DecisionReason.Rule, new[] { Delivery, Purchase })]
    [InlineData("PARTIALLY_BLOCK", false, "off", DecisionReason.Consent, new[] { Delivery, Purchase })]
    [InlineData("FULLY_BLOCK", false, "off", DecisionReason.Consent, new[] { Delivery, Purchase })]
    [InlineData("PARTIALLY_BLOCK", true, "on", DecisionReason.Rule, new[] { "customData 1", "page ", "experiment 123456", Delivery, Purchase })]
    [InlineData("FULLY_BLOCK", true, "on", DecisionReason.Rule, new[] { "customData 1", "page ", "experiment 123456", Delivery, Purchase })]
    [Spec("TR-2")]
    public async Task An_answer_lets_out_what_it_covers(
        string refusal, bool? answer, string checkout, DecisionReason reason, string[] sent)
    {
        await using var site = await StartAsync(refusal);
        var client = Client(site, "anna");
        if (answer is { } given)
        {
            client.SetLegalConsent(given);
        }

        client.AddData(new PageView("https://shop.example/c"), new CustomData(1, "x"), new Conversion(60, 5));
        var decided = client.GetVariation("checkout");
        (decided.Key, decided.Reason).ShouldBe((checkout, reason));
        client.GetVariation("banner").Key.ShouldBe("on");
        await client.FlushAsync();

        Sent(site).ShouldBe(sent);
    }

    [Theory]
    [InlineData("PARTIALLY_BLOCK", new[] { "checkout", "banner" })]
    [InlineData("FULLY_BLOCK", new[] { "banner" })]
    [Spec("TR-2")]
    public async Task After_a_refusal_a_full_block_leaves_the_flag_out_of_all_flags(string refusal, string[] flags)
    {
        await using var site = await StartAsync(refusal);
        var client = Client(site, "anna");
        client.SetLegalConsent(false);

        client.GetVariations().Keys.ShouldBe(flags);
        client.IsFeatureActive("checkout").ShouldBeFalse();
        await client.FlushAsync();

        Sent(site).ShouldBe([Delivery]);
    }

    [Theory]
    [InlineData("PARTIALLY_BLOCK", "off on", new[] { Delivery, Purchase })]
    [InlineData("FULLY_BLOCK", "off off", new[] { Purchase })]
    [Spec("TR-2")]
    public async Task With_a_holdout_a_full_block_stops_deliveries_too(string refusal, string variations, string[] sent)
    {
        await using var site = await StartAsync(refusal, holdout: """
            "holdout": { "id": 90, "experimentId": 9001, "variationByExposition": [
              { "variationKey": "in-holdout", "variationId": 9101, "exposition": 0 },
              { "variationKey": "not-in-holdout", "variationId": 9102, "exposition": 1 }
            ] },
            """);
        var client = Client(site, "anna");
        client.SetLegalConsent(false);

        $"{client.GetVariation("checkout").Key} {client.GetVariation("banner").Key}".ShouldBe(variations);
        client.TrackConversion(60, 5);
        await client.FlushAsync();

        Sent(site).ShouldBe(sent);
    }

    [Theory]
    [InlineData("PARTIALLY_BLOCK", null)]
    [InlineData("FULLY_BLOCK", null)]
    [InlineData("PARTIALLY_BLOCK", false)]
    [InlineData("FULLY_BLOCK", false)]
    [Spec("TR-2")]
    public async Task Without_consent_nothing_to_send_is_no_request_at_all(string refusal, bool? answer)
    {
        await using var site = await StartAsync(refusal);
        var client = Client(site, "anna");
        if (answer is { } given)
        {
            client.SetLegalConsent(given);
        }

        client.AddData(new PageView("https://shop.example/c"), new CustomData(1, "x"));
        client.GetVariation("checkout");
        client.EvaluateAudiences();
        await client.FlushAsync();

        site.Platform.TrackingRequests.ShouldBeEmpty();
    }

    private static IEnumerable<string> Sent(TestSite site) => site.Platform.Events.Select(line =>
        $"{line["eventType"]} {line.GetValueOrDefault("id") ?? line.GetValueOrDefault("goalId") ?? line.GetValueOrDefault("index")}");

    private static IKameleoonClient Client(TestSite site, string visitor) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor);

    // The clock stands, so that nothing is sent before the flush, which sends all in one order.
    private static Task<TestSite> StartAsync(string refusal, string holdout = "") => TestSite.StartAsync(
        clock: new ManualClock(),
        platform: DataFiles.Serving(
            RecordedTraffic.DataFileWithConsent
                .Replace("PARTIALLY_BLOCK", refusal, StringComparison.Ordinal)
                .Replace("\"featureFlags\"", holdout + "\"featureFlags\"", StringComparison.Ordinal)));
}
