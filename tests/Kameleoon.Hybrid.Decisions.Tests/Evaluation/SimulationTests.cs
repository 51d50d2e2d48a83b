namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class SimulationTests
{
    private const string HoldsEverybodyOut = """
        , "holdout": { "experimentId": 5, "variationByExposition": [{ "variationKey": "in-holdout", "exposition": 1 }] }
        """;

    [Theory]
    [InlineData("", HoldsEverybodyOut)]
    [InlineData(", \"environmentEnabled\": false", "")]
    public void A_simulated_variation_comes_before_everything_else_and_is_no_assignment(string flag, string top)
    {
        var dataFile = TestSite.WithRule(flag: flag, top: top);
        var visitor = Simulating(dataFile, """{ "flag": { "expId": 21, "varId": 32 } }""");

        var decision = dataFile.Decide(TestSite.Key, visitor);

        decision.IsDecided.ShouldBeTrue();
        decision.Rule!.Id.ShouldBe(11);
        decision.Variation.Key.ShouldBe("other");
        decision.Variation.Reason.ShouldBe(DecisionReason.Simulated);
        (decision.Variation.Id, decision.Variation.ExperimentId).ShouldBe((32, 21));
        decision.Variation.IsAssignment.ShouldBeFalse();
    }

    [Fact]
    public void Experiment_0_simulates_the_default_variation()
    {
        var dataFile = TestSite.WithRule();
        var visitor = Simulating(dataFile, """{ "flag": { "expId": 0 } }""");

        var variation = dataFile.Decide(TestSite.Key, visitor).Variation;

        variation.Key.ShouldBe("off");
        variation.Reason.ShouldBe(DecisionReason.Simulated);
        variation.Id.ShouldBeNull();
    }

    [Theory]
    [InlineData("other", 32L)]
    [InlineData("off", null)]
    public void A_variation_can_be_simulated_by_its_key(string key, long? id)
    {
        var dataFile = TestSite.WithRule();
        var visitor = new TestVisitor("visitor");
        visitor.Record.Simulation = dataFile.Simulate([new(TestSite.Key, key)]);

        var variation = dataFile.Decide(TestSite.Key, visitor).Variation;

        (variation.Key, variation.Id, variation.Reason).ShouldBe((key, id, DecisionReason.Simulated));
    }

    [Theory]
    [InlineData("flag", "unknown")]
    [InlineData("unknown", "other")]
    public void A_key_that_the_data_file_does_not_have_is_left_out_and_told(string flag, string variation)
    {
        var simulation = TestSite.WithRule().Simulate([new(flag, variation)]);

        simulation.Count.ShouldBe(0);
        simulation.Problems.ShouldHaveSingleItem().ShouldContain($"no flag {flag} with variation {variation}");
    }

    [Theory]
    [InlineData("""{ "unknown": { "expId": 21, "varId": 32 }, "flag": { "expId": 21, "varId": 32 } }""", 1)]
    [InlineData("""{ "flag": { "expId": 22, "varId": 32 } }""", 0)]
    [InlineData("""{ "flag": { "expId": 21, "varId": 33 } }""", 0)]
    [InlineData("""{ "flag": { "expId": 21 } }""", 0)]
    [InlineData("""{ "flag": { "expId": "21", "varId": 32 } }""", 0)]
    [InlineData("""{ "flag": { "expId": 21.5, "varId": 32 } }""", 0)]
    [InlineData("""{ "flag": { "expId": -1, "varId": 32 } }""", 0)]
    [InlineData("""{ "flag": null }""", 0)]
    [InlineData("""{ "\ud800": 1 }""", 0)]
    [InlineData("[]", 0)]
    [InlineData("{", 0)]
    [InlineData("", 0)]
    [InlineData("\"\ud800\"", 0)]
    public void What_cannot_be_shown_is_left_out_and_told(string json, int count)
    {
        var simulation = TestSite.WithRule().ReadSimulation(json);

        simulation.Count.ShouldBe(count);
        simulation.Problems.ShouldHaveSingleItem();
    }

    private static TestVisitor Simulating(DataFile dataFile, string json)
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.Simulation = dataFile.ReadSimulation(json);
        visitor.Record.Simulation.Problems.ShouldBeEmpty();
        return visitor;
    }
}
