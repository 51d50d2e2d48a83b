namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class ExplanationTests
{
    private static readonly DataFile Site =
        DataFile.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Examples", "data-file.json")));

    [Fact]
    public void A_decision_reads_as_a_story()
    {
        var visitor = new TestVisitor("u-1001");
        visitor.Record.CustomData[0] = ["gold"];

        var text = Site.Explain("checkout_redesign", visitor).ToString();

        text.ShouldBe("""
            checkout_redesign for u-1001 is one_page (Rule)
              + The flag is on in this environment
                The visitor code is hashed
              + The visitor is not held out: hash 0.5881696933555404 is in 0.05 to 1
                Rule 11001, experiment 7001
                  + CUSTOM_DATUM 0 is one of gold, silver: it is "gold"
                  + DEVICE_TYPE (excluded) is Phone: nothing is known
                + Segment 2001 has this visitor
                + The rule exposes this visitor: hash 0.3815051985413616 is in 0 to 0.8
                + The visitor gets variation one_page: hash 0.7544970220310303 is in 0.5 to 1
            """);
    }

    [Fact]
    public void What_the_same_decision_assigned_in_the_holdout_is_told()
    {
        const string Holdout = """
            , "holdout": { "experimentId": 5, "variationByExposition": [{ "variationKey": "x", "variationId": 6, "exposition": 1 }] }
            """;
        const string Conditions = """
            { "targetingType": "EXCLUSIVE_EXPERIMENT", "campaignType": "EXPERIMENT", "isInclude": false },
            { "targetingType": "TARGET_EXPERIMENT", "experimentId": 5, "variationMatchType": "ANY" }
            """;
        var site = TestSite.WithRule(rule: ", \"segmentId\": 41", top: Holdout + $$$"""
            , "segments": [{ "id": 41, "conditionsData": { "firstLevel": [{ "conditions": [{{{Conditions}}}] }] } }]
            """);

        site.Explain(TestSite.Key, new TestVisitor("visitor")).Steps
            .Where(step => step.Kind == ExplanationStepKind.Condition)
            .Select(step => step.Text)
            .ShouldBe(
            [
                "EXCLUSIVE_EXPERIMENT (excluded) of EXPERIMENT in 25 visits: it is in another experiment and in no personalization",
                "TARGET_EXPERIMENT 5: any variation in this visit: it is 6",
            ]);
    }

    [Fact]
    public void What_stopped_is_told_last()
    {
        var explanation = Site.Explain("search_autocomplete", new TestVisitor("u-1001"));

        explanation.Steps[^1].Kind.ShouldBe(ExplanationStepKind.Group);
        explanation.Steps[^1].Passed.ShouldBe(false);
        explanation.Steps[^1].Text.ShouldStartWith(
            "Flag search_ranking has this visitor among the 2 of group SEARCH-GROUP: hash");
        explanation.Steps[^1].Hash.ShouldBe(new HashComparison(0.03929376694507027, 0, 0.5));
    }

    [Fact]
    public void A_held_out_visitor_is_told_where_the_hash_fell()
    {
        var step = Site.Explain("search_ranking", new TestVisitor("u-1003")).Steps[^1];

        step.Kind.ShouldBe(ExplanationStepKind.Holdout);
        step.Passed.ShouldBe(false);
        step.Hash.ShouldBe(new HashComparison(0.02469729470031656, 0, 0.05));
    }

    [Fact]
    public void An_unknown_flag_and_a_disabled_one_end_at_once()
    {
        var visitor = new TestVisitor("visitor");

        Site.Explain("nothing", visitor).ToString().ShouldBe("""
            nothing for visitor is off (UnknownFlag)
              - The data file has no flag of this key
            """);
        Site.Explain("legacy_banner", visitor).ToString().ShouldBe("""
            legacy_banner for visitor is off (Disabled)
              - The flag is off in this environment
            """);
    }

    [Fact]
    public void Forced_simulated_refused_and_scored_variations_say_so()
    {
        var site = TestSite.WithRule(top: """, "configuration": { "consentType": "REQUIRED" }""");
        var visitor = new TestVisitor("visitor");
        visitor.Record.MappingIdentifier = "person";

        visitor.Record.Consent = Consent.Refused;
        Last().ShouldBe("The visitor refused consent. The rule is an experiment");

        visitor.Record.Consent = Consent.Given;
        visitor.Record.BanditScores[21] = new Dictionary<long, double> { [32] = 0.5 };
        Last().ShouldBe("Variation other has the best score, 0.5");
        site.Explain(TestSite.Key, visitor).Steps[1].Text.ShouldBe("\"person\" is hashed instead of the visitor code");

        site.TryForce(21, "on", forceTargeting: true, out var forced);
        visitor.Record.Forced[21] = forced!;
        Last().ShouldBe("The application forces variation on");

        visitor.Record.Simulation = site.ReadSimulation("""{ "flag": { "expId": 0 } }""");
        Last().ShouldBe("The browser simulates the default variation");

        string Last() => site.Explain(TestSite.Key, visitor).Steps[^1].Text;
    }

    [Theory]
    [InlineData("""{ "targetingType": "PAGE_VIEWS", "matchType": "GREATER", "pageCount": 50 }""", "is above 50: nothing is known")]
    [InlineData("""{ "targetingType": "PAGE_URL", "matchType": "CONTAINS", "url": "/x" }""", "contains \"/x\": nothing is known")]
    [InlineData("""{ "targetingType": "COOKIE", "name": "a", "nameMatchType": "EXACT", "value": "b.", "valueMatchType": "REGULAR_EXPRESSION" }""", "whose name is \"a\": its value matches /b./: nothing is known")]
    [InlineData("""{ "targetingType": "BROWSER", "browser": "FIREFOX", "version": "120", "versionMatchType": "GREATER" }""", "is Firefox, whose version is above 120: it is Chrome 119.5")]
    [InlineData("""{ "targetingType": "SDK_LANGUAGE", "sdkLanguage": "CSHARP", "version": "4.20", "versionMatchType": "GREATER" }""", "is CSHARP, whose version is above 4.20.0: it is CSHARP 4.22.0")]
    [InlineData("""{ "targetingType": "CONVERSIONS", "goalId": 6001, "visitCount": 10 }""", "to goal 6001 in 10 visits: nothing is known")]
    [InlineData("""{ "targetingType": "GEOLOCATION", "country": "France", "city": "Rennes" }""", "is France, Rennes: nothing is known")]
    [InlineData("""{ "targetingType": "HEAT_SLICE", "keyMomentId": 1, "goalId": 2, "lowerBound": 60, "upperBound": 100 }""", "of goal 2 at moment 1 is from 60 to 100: nothing is known")]
    [InlineData("""{ "targetingType": "VISITS", "matchType": "LOWER", "visitCount": 2 }""", "is below 2: it is 1")]
    [InlineData("""{ "targetingType": "SEGMENT", "segmentId": 99 }""", "99: nothing is known")]
    [InlineData("""{ "targetingType": "EXCLUSIVE_EXPERIMENT", "campaignType": "ANY" }""", "of ANY in 25 visits: it is in another experiment and in no personalization")]
    [InlineData("""{ "targetingType": "TARGET_EXPERIMENT", "experimentId": 77, "variationMatchType": "ANY" }""", "77: any variation in this visit: it is 78")]
    public void A_condition_says_what_it_wants_and_what_it_found(string condition, string expected)
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.Browser = new VisitorBrowser(BrowserType.Chrome, 119.5f);
        visitor.Record.Assignments[77] = new Assignment(78, visitor.Now);

        var step = TestSite.WithCondition(condition).Explain(TestSite.Key, visitor)
            .Steps.Single(step => step.Kind == ExplanationStepKind.Condition);

        step.Text.ShouldEndWith($" {expected}");
    }
}
