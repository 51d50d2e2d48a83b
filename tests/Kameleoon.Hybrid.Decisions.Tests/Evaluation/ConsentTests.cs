namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class ConsentTests
{
    private const string Required = """, "configuration": { "consentType": "REQUIRED" }""";

    private const string Blocking =
        """, "configuration": { "consentType": "REQUIRED", "consentOptOutBehavior": "FULLY_BLOCK" }""";

    private const string Holdout =
        """, "holdout": { "experimentId": 5, "variationByExposition": [{ "variationKey": "in-holdout", "exposition": 0 }] }""";

    private const string Delivery = ", \"type\": \"TARGETED_DELIVERY\"";

    [Theory]
    [InlineData(Consent.Unknown, "on", DecisionReason.Rule)]
    [InlineData(Consent.Given, "on", DecisionReason.Rule)]
    [InlineData(Consent.Refused, "off", DecisionReason.Consent)]
    public void Only_a_refusal_stops_an_experiment(Consent consent, string key, DecisionReason reason)
    {
        var decision = TestSite.WithRule(top: Required).Decide(TestSite.Key, Visitor(consent));

        decision.Variation.Key.ShouldBe(key);
        decision.Variation.Reason.ShouldBe(reason);
        decision.IsDecided.ShouldBeTrue();
    }

    [Fact]
    public void A_refusal_does_not_count_where_the_site_asks_for_no_consent() =>
        TestSite.Targets(TestSite.WithRule(), Visitor(Consent.Refused)).ShouldBeTrue();

    [Theory]
    [InlineData(Required)]
    [InlineData(Blocking)]
    public void A_refusal_does_not_stop_a_delivery(string top) =>
        TestSite.Targets(TestSite.WithRule(rule: Delivery, top: top), Visitor(Consent.Refused)).ShouldBeTrue();

    [Fact]
    public void Blocking_everything_makes_the_flag_unavailable()
    {
        var dataFile = TestSite.WithRule(top: Blocking);

        var decision = dataFile.Decide(TestSite.Key, Visitor(Consent.Refused));

        dataFile.RefusalBlocksEverything.ShouldBeTrue();
        decision.IsDecided.ShouldBeFalse();
        decision.Variation.IsActive.ShouldBeFalse();
        decision.Variation.Reason.ShouldBe(DecisionReason.Consent);
    }

    [Fact]
    public void With_a_holdout_blocking_everything_stops_deliveries_too()
    {
        var decision = TestSite.WithRule(rule: Delivery, top: Blocking + Holdout)
            .Decide(TestSite.Key, Visitor(Consent.Refused));

        decision.IsDecided.ShouldBeFalse();
        decision.Variation.Reason.ShouldBe(DecisionReason.Consent);
    }

    [Fact]
    public void An_unknown_behaviour_blocks_partially_and_is_reported()
    {
        var dataFile = TestSite.WithRule(
            top: """, "configuration": { "consentType": "REQUIRED", "consentOptOutBehavior": "SOMETHING" }""");

        dataFile.RefusalBlocksEverything.ShouldBeFalse();
        dataFile.Warnings.ShouldHaveSingleItem().ShouldContain("SOMETHING");
    }

    private static TestVisitor Visitor(Consent consent)
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.Consent = consent;
        return visitor;
    }
}
