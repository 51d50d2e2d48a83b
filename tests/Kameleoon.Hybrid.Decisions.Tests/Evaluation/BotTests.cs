namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class BotTests
{
    private const string HoldsEverybodyOut = """
        , "holdout": { "experimentId": 5, "variationByExposition": [{ "variationKey": "in-holdout", "exposition": 1 }] }
        """;

    [Theory]
    [InlineData("")]
    [InlineData(HoldsEverybodyOut)]
    public void A_bot_gets_the_default_variation_and_is_assigned_to_nothing(string top)
    {
        var dataFile = TestSite.WithRule(top: top);
        var bot = Bot();
        dataFile.TryForce(21, "other", forceTargeting: true, out var forced);
        bot.Record.Forced[21] = forced!;

        var decision = dataFile.Decide(TestSite.Key, bot);

        decision.IsDecided.ShouldBeTrue();
        decision.Variation.Key.ShouldBe("off");
        decision.Variation.Reason.ShouldBe(DecisionReason.Bot);
        decision.Variation.IsAssignment.ShouldBeFalse();
        (decision.Rule, decision.Holdout).ShouldBe((null, null));
    }

    [Fact]
    public void A_disabled_flag_stays_disabled_and_an_unknown_one_unknown()
    {
        var dataFile = TestSite.WithRule(flag: ", \"environmentEnabled\": false");

        dataFile.Decide(TestSite.Key, Bot()).Variation.Reason.ShouldBe(DecisionReason.Disabled);
        dataFile.Decide("nobody-knows-this", Bot()).Variation.Reason.ShouldBe(DecisionReason.UnknownFlag);
    }

    [Fact]
    public void What_a_bot_simulates_it_gets_as_anybody_does()
    {
        var dataFile = TestSite.WithRule();
        var bot = Bot();
        bot.Record.Simulation = dataFile.ReadSimulation("""{ "flag": { "expId": 21, "varId": 32 } }""");

        dataFile.Decide(TestSite.Key, bot).Variation.Reason.ShouldBe(DecisionReason.Simulated);
    }

    [Fact]
    public void All_flags_together_are_decided_as_one_by_one()
    {
        var dataFile = DataFile.Parse(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Examples", "data-file.json")));
        var next = 0;

        foreach (ref readonly var decision in dataFile.DecideAll(Bot()))
        {
            decision.ShouldBe(dataFile.Decide(dataFile.Flags[next++], Bot()));
            decision.Variation.Reason.ShouldBe(decision.IsDecided ? DecisionReason.Bot : DecisionReason.Disabled);
        }

        next.ShouldBe(dataFile.Flags.Count);
    }

    [Fact]
    public void The_explanation_says_so_and_looks_at_nothing_else()
    {
        var steps = TestSite.WithRule().Explain(TestSite.Key, Bot()).Steps;

        steps.Select(step => step.Kind).ShouldBe([ExplanationStepKind.Flag, ExplanationStepKind.Bot]);
        steps[1].Text.ShouldContain("bot");
    }

    private static TestVisitor Bot()
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.IsBot = true;
        return visitor;
    }
}
