namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class VisitScopeTests
{
    private static readonly DateTimeOffset Now = VisitorRecord.DefaultNow;

    [Theory]
    [InlineData("CONVERSIONS", "", 48, true)]
    [InlineData("CONVERSIONS", "", 49, false)]
    [InlineData("CONVERSIONS", "\"visitScope\": \"current_visit\"", 1, false)]
    [InlineData("CONVERSIONS", "\"visitScope\": \"CURRENT_VISIT\"", 0, true)]
    [InlineData("CONVERSIONS", "\"visitCount\": 2", 24, true)]
    [InlineData("CONVERSIONS", "\"visitCount\": 2", 25, false)]
    [InlineData("CONVERSIONS", "\"visitCount\": 3", 48, true)]
    [InlineData("CONVERSIONS", "\"visitCount\": 9", 49, false)]
    [InlineData("CONVERSIONS", "\"visitCount\": 1", 1, false)]
    [InlineData("CONVERSIONS", "\"visitCount\": -1, \"visitScope\": \"OTHER\"", 48, true)]
    [InlineData("TARGET_PERSONALIZATION", "", 1, false)]
    [InlineData("TARGET_PERSONALIZATION", "\"visitScope\": \"VISITOR\"", 48, true)]
    [InlineData("TARGET_EXPERIMENT", "", 1, false)]
    [InlineData("TARGET_EXPERIMENT", "\"visitScope\": \"VISITOR\"", 48, true)]
    [InlineData("TARGET_FEATURE_FLAG", "", 1, false)]
    [InlineData("TARGET_FEATURE_FLAG", "\"visitScope\": \"VISITOR\", \"visitCount\": 2", 24, true)]
    public void A_scope_counts_visits_back_from_the_current_one(string type, string scope, int hoursAgo, bool holds)
    {
        var visitor = Visitor(hoursAgo);
        visitor.Record.PreviousVisits = [Now.AddHours(-24), Now.AddHours(-48)];

        TestSite.Targets(Site(Condition(type, scope)), visitor).ShouldBe(holds);
    }

    [Theory]
    [InlineData("CONVERSIONS")]
    [InlineData("TARGET_PERSONALIZATION")]
    [InlineData("TARGET_EXPERIMENT")]
    [InlineData("TARGET_FEATURE_FLAG")]
    public void Without_loaded_visits_everything_counts(string type) =>
        TestSite.Targets(Site(Condition(type, "\"visitScope\": \"CURRENT_VISIT\"")), Visitor(500)).ShouldBeTrue();

    [Theory]
    [InlineData("EXPERIMENT", "", 1, false)]
    [InlineData("EXPERIMENT", "\"visitScope\": \"CURRENT_VISIT\"", 1, true)]
    [InlineData("PERSONALIZATION", "\"visitScope\": \"CURRENT_VISIT\"", 0, false)]
    [InlineData("ANY", "\"visitScope\": \"CURRENT_VISIT\"", 1, true)]
    [InlineData("ANY", "", 1, false)]
    [InlineData("SOMETHING", "", 500, false)]
    public void Exclusive_campaigns_look_back_as_far(string campaign, string scope, int hoursAgo, bool holds)
    {
        var visitor = Visitor(hoursAgo);
        visitor.Record.PreviousVisits = [Now.AddHours(-24)];
        var members = $"\"campaignType\": \"{campaign}\"{(scope.Length > 0 ? ", " : "")}{scope}";

        TestSite.Targets(Condition("EXCLUSIVE_EXPERIMENT", members), visitor).ShouldBe(holds);
    }

    [Fact]
    public void Audiences_have_no_campaign_to_be_exclusive_for() => TestSite
        .WithCondition("""{ "targetingType": "EXCLUSIVE_EXPERIMENT", "campaignType": "ANY" }""")
        .EvaluateAudiences(new TestVisitor("visitor")).ShouldBeEmpty();

    private static DataFile Site(string condition) => TestSite.WithRule(
        rule: """, "segmentId": 41 """,
        flag: """
            }, { "id": 70, "featureKey": "another", "rules": [{ "id": 71, "experimentId": 7 }]
            """,
        top: $$"""
            , "segments": [{ "id": 41, "conditionsData": { "firstLevel": [{ "conditions": [{{condition}}] }] } }]
            """);

    private static string Condition(string type, string members) => $$"""
        { "targetingType": "{{type}}", "goalId": 7, "personalizationId": 7, "experimentId": 7, "variationMatchType": "ANY",
          "featureFlagId": 70 {{(members.Length > 0 ? "," : "")}} {{members}} }
        """;

    private static TestVisitor Visitor(int hoursAgo)
    {
        var visitor = new TestVisitor("visitor");
        var time = Now.AddHours(-hoursAgo);
        visitor.Record.CurrentVisitStart = Now.AddMinutes(-1);
        visitor.Record.Conversions.Add((7, time));
        visitor.Record.Personalizations[7] = time;
        visitor.Record.Assignments[7] = new Assignment(8, time);
        return visitor;
    }
}
