using System.Text;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Each reason of a decision is a sentence for people who do not know the library.</summary>
public sealed class InspectorReasonTests
{
    private static readonly DataFile Site = DataFile.Parse(Encoding.UTF8.GetBytes(DataFiles.Shop));

    [Theory]
    [InlineData(DecisionReason.Disabled, "The flag is off in this environment.")]
    [InlineData(DecisionReason.Forced, "The application forces \"off\" for this visitor.")]
    [InlineData(DecisionReason.Holdout, "The visitor is held out of all flags and gets the default, \"off\".")]
    [InlineData(DecisionReason.Group, "Another flag of the group has this visitor, so this flag shows the default, \"off\".")]
    [InlineData(DecisionReason.Consent, "The visitor refused consent, so experiments do not run. The flag shows \"off\".")]
    [InlineData(DecisionReason.Bot, "The visitor is a bot, and bots get the default, \"off\".")]
    [InlineData(DecisionReason.Default, "No rule applies, so the visitor gets the default, \"off\".")]
    [InlineData(DecisionReason.Guarded,
        "New visitors get the default, \"off\", at present, because the responses of another variation fail or are slow.")]
    public void A_reason_without_a_rule_is_said_in_a_sentence(DecisionReason reason, string sentence)
    {
        var flag = Site.FindFlag("checkout")!;

        InspectorReason.Of(flag, new Decision(Variation.Off(reason), flag), Explained(), isSigned: false).ShouldBe(sentence);
    }

    [Theory]
    [InlineData(true, "An override shows \"off\" in this browser. Nothing is counted for it.")]
    [InlineData(false, "The simulation cookie shows \"off\" in this browser. Nothing is counted for it.")]
    public void A_simulated_variation_names_what_shows_it(bool isSigned, string sentence)
    {
        var flag = Site.FindFlag("checkout")!;

        InspectorReason.Of(flag, new Decision(Variation.Off(DecisionReason.Simulated), flag), Explained(), isSigned).ShouldBe(sentence);
    }

    private static Explanation Explained() => Site.Explain("checkout", new Anna());

    private sealed class Anna : IVisitorFacts
    {
        public string VisitorCode => "anna";

        public DateTimeOffset Now => DateTimeOffset.UnixEpoch;
    }
}
