namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class ForcedVariationTests
{
    private const string OnlyPhones = """
        , "segments": [{ "id": 41, "conditionsData": { "firstLevel": [{ "conditions": [
          { "targetingType": "DEVICE_TYPE", "device": "PHONE" }] }] } }]
        """;

    [Theory]
    [InlineData(true, null, "other")]
    [InlineData(false, null, "off")]
    [InlineData(false, DeviceType.Phone, "other")]
    public void Forcing_overrides_the_segment_only_when_told_to(bool forceTargeting, DeviceType? device, string key)
    {
        var dataFile = TestSite.WithRule(", \"segmentId\": 41", OnlyPhones);
        var visitor = Forced(dataFile, forceTargeting);
        visitor.Record.Device = device;

        dataFile.Decide(TestSite.Key, visitor).Variation.Key.ShouldBe(key);
    }

    [Fact]
    public void A_forced_variation_is_an_assignment_of_its_rule()
    {
        var dataFile = TestSite.WithRule(", \"exposition\": 0");

        var decision = dataFile.Decide(TestSite.Key, Forced(dataFile, forceTargeting: false));

        decision.Rule!.Id.ShouldBe(11);
        decision.Variation.Reason.ShouldBe(DecisionReason.Forced);
        decision.Variation.IsAssignment.ShouldBeTrue();
        (decision.Variation.Id, decision.Variation.ExperimentId).ShouldBe((32, 21));
    }

    [Fact]
    public void A_forced_variation_outlives_its_data_file()
    {
        var visitor = Forced(TestSite.WithRule(), forceTargeting: true);

        TestSite.WithRule().Decide(TestSite.Key, visitor).Variation.Key.ShouldBe("other");
    }

    [Theory]
    [InlineData(99, "on", ForcedVariationResult.UnknownExperiment)]
    [InlineData(21, "nothing", ForcedVariationResult.UnknownVariation)]
    [InlineData(21, "off", ForcedVariationResult.UnknownVariation)]
    public void What_cannot_be_forced_is_told(long experimentId, string key, ForcedVariationResult expected)
    {
        TestSite.WithRule().TryForce(experimentId, key, forceTargeting: true, out var forced).ShouldBe(expected);

        forced.ShouldBeNull();
    }

    [Fact]
    public void Of_two_rules_of_one_experiment_the_later_one_is_forced()
    {
        var dataFile = TestSite.Parse("""
            { "featureFlags": [
              { "featureKey": "a", "rules": [{ "experimentId": 1, "variationByExposition": [{ "variationKey": "first" }] }] },
              { "featureKey": "b", "rules": [{ "experimentId": 1, "variationByExposition": [{ "variationKey": "second" }] }] }] }
            """);

        dataFile.TryForce(1, "first", true, out _).ShouldBe(ForcedVariationResult.UnknownVariation);
        dataFile.TryForce(1, "second", true, out _).ShouldBe(ForcedVariationResult.Forced);
    }

    private static TestVisitor Forced(DataFile dataFile, bool forceTargeting)
    {
        var visitor = new TestVisitor("visitor");
        dataFile.TryForce(21, "other", forceTargeting, out var forced).ShouldBe(ForcedVariationResult.Forced);
        visitor.Record.Forced[21] = forced!;
        return visitor;
    }
}
