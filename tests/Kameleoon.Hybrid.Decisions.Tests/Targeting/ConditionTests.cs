namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>Where the official SDKs disagree; what they share is in the vectors.</summary>
public sealed class ConditionTests
{
    [Theory]
    [InlineData("CHROME", "", "EQUAL", 91.1f, true)]
    [InlineData("CHROME", "91.1", "EQUAL", 91.1f, true)]
    [InlineData("CHROME", "91.05", "EQUAL", 91.5f, true)]
    [InlineData("CHROME", "91", "GREATER", 91.1f, true)]
    [InlineData("CHROME", "v91", "LOWER", 1f, false)]
    [InlineData("CHROME", "91", "LOWER", null, false)]
    [InlineData("NETSCAPE", "", "EQUAL", 91.1f, false)]
    public void Browser_versions_compare_as_numbers(
        string browser,
        string version,
        string operation,
        float? actual,
        bool holds)
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.Browser = new VisitorBrowser(BrowserType.Chrome, actual);

        TestSite.Targets(
            $$"""
            { "targetingType": "BROWSER", "browser": "{{browser}}",
              "version": "{{version}}", "versionMatchType": "{{operation}}" }
            """,
            visitor).ShouldBe(holds);
    }

    [Theory]
    [InlineData("1.2", "1.2.0", true)]
    [InlineData("1.2.3", "1.2.3.4", true)]
    [InlineData("1.2.3.x", "01.2.3", true)]
    [InlineData("1.2.3-beta", "1.2.3", false)]
    [InlineData("+1", "1", false)]
    [InlineData("", "0", false)]
    [InlineData("1", "", false)]
    [InlineData("1.2.", "1.2", false)]
    [InlineData("1\0", "1", false)]
    [InlineData("0.00", "0", true)]
    [InlineData("99999999999", "99999999999", true)]
    [InlineData("20260115123000", "20260115123001", false)]
    [InlineData("9223372036854775808.18446744073709551616.340282366920938463463374607431768211456",
        "9223372036854775808.018446744073709551616.340282366920938463463374607431768211456", true)]
    public void Application_versions_compare_part_by_part(string actual, string expected, bool holds)
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.ApplicationVersion = actual;

        TestSite.Targets(
            $$"""{ "targetingType": "APPLICATION_VERSION", "version": "{{expected}}", "versionMatchType": "EQUAL" }""",
            visitor).ShouldBe(holds);
    }

    [Theory]
    [InlineData("2147483648", "2147483647")]
    [InlineData("1.20260115123000", "1.20260101000000")]
    [InlineData("1.0.10000000000000000000000000000000000000000", "1.0.9999999999999999999999999999999999999999")]
    [InlineData("10", "9")]
    [InlineData("1.10", "1.009")]
    [InlineData("2", "1.99999999999")]
    public void A_part_of_an_application_version_may_be_any_whole_number(string newer, string older)
    {
        Targets(newer, "GREATER", older).ShouldBeTrue();
        Targets(older, "LOWER", newer).ShouldBeTrue();
        Targets(older, "GREATER", newer).ShouldBeFalse();
        Targets(newer, "EQUAL", older).ShouldBeFalse();
    }

    private static bool Targets(string actual, string operation, string expected)
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.ApplicationVersion = actual;
        return TestSite.Targets(
            $$"""{ "targetingType": "APPLICATION_VERSION", "version": "{{expected}}", "versionMatchType": "{{operation}}" }""", visitor);
    }

    [Theory]
    [InlineData("""{ "targetingType": "EXCLUSIVE_EXPERIMENT", "campaignType": "EXPERIMENT" }""", false)]
    [InlineData("""{ "targetingType": "TARGET_EXPERIMENT", "experimentId": 5, "variationMatchType": "ANY" }""", true)]
    [InlineData("""{ "targetingType": "TARGET_EXPERIMENT", "experimentId": 6, "variationMatchType": "ANY" }""", false)]
    public void The_holdout_of_the_same_decision_is_an_experiment_the_visitor_is_in(string condition, bool targeted)
    {
        var dataFile = TestSite.WithRule(
            rule: ", \"segmentId\": 41",
            top: $$"""
                , "holdout": { "experimentId": 5, "variationByExposition": [{ "variationKey": "free", "variationId": 6, "exposition": 1 }] },
                "segments": [{ "id": 41, "conditionsData": { "firstLevel": [{ "conditions": [{{condition}}] }] } }]
                """);

        TestSite.Targets(dataFile).ShouldBe(targeted);
    }

    [Fact]
    public void Places_compare_without_regard_to_case_in_any_alphabet()
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.Location = new VisitorLocation("ÖSTERREICH", "Tirol");

        TestSite.Targets("""{ "targetingType": "GEOLOCATION", "country": "Österreich" }""", visitor).ShouldBeTrue();
        TestSite.Targets("""{ "targetingType": "GEOLOCATION", "country": "Österreich", "city": "Imst" }""", visitor)
            .ShouldBeFalse();
        TestSite.Targets("""{ "targetingType": "GEOLOCATION", "region": "Tirol" }""", visitor).ShouldBeFalse();
    }

    [Theory]
    [InlineData("OPTIONAL", "zzz", "EXACT", "1", true)]
    [InlineData("CONTAINS", "", "CONTAINS", "", true)]
    [InlineData("EXACT", "beta", "EXACT", "2", false)]
    [InlineData("SOMETHING", "beta", "EXACT", "1", false)]
    public void Cookies_are_found_by_name_and_judged_by_value(
        string byName,
        string name,
        string byValue,
        string value,
        bool holds)
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.Cookies = [KeyValuePair.Create("alpha", "2"), KeyValuePair.Create("beta", "1")];

        TestSite.Targets(
            $$"""
            { "targetingType": "COOKIE", "nameMatchType": "{{byName}}", "name": "{{name}}",
              "valueMatchType": "{{byValue}}", "value": "{{value}}" }
            """,
            visitor).ShouldBe(holds);
    }

    [Theory]
    [InlineData("""{ "targetingType": "VISITS", "matchType": "EQUAL", "visitCount": 1 }""", true)]
    [InlineData("""{ "targetingType": "VISITS", "matchType": "GREATER" }""", false)]
    [InlineData("""{ "targetingType": "SAME_DAY_VISITS", "matchType": "EQUAL", "visitCount": 1 }""", true)]
    [InlineData("""{ "targetingType": "NEW_VISITORS", "visitorType": "NEW" }""", true)]
    [InlineData("""{ "targetingType": "NEW_VISITORS", "visitorType": "RETURNING" }""", false)]
    [InlineData("""{ "targetingType": "NEW_VISITORS" }""", false)]
    [InlineData("""{ "targetingType": "PAGE_VIEWS", "matchType": "LOWER", "pageCount": 5 }""", false)]
    [InlineData("""{ "targetingType": "FIRST_VISIT", "matchType": "GREATER", "countInMillis": 0 }""", false)]
    [InlineData("""{ "targetingType": "HEAT_SLICE", "keyMomentId": 1, "goalId": 2, "lowerBound": 0 }""", false)]
    [InlineData("""{ "targetingType": "EXCLUSIVE_EXPERIMENT", "campaignType": "ANY" }""", true)]
    [InlineData("""{ "targetingType": "TARGET_EXPERIMENT", "variationMatchType": "ANY", "isInclude": false }""", true)]
    [InlineData("""{ "targetingType": "SOMETHING_NEW" }""", true)]
    [InlineData("""{ "targetingType": "SOMETHING_NEW", "isInclude": false }""", false)]
    [InlineData("""{ "targetingType": "device_type", "device": "PHONE" }""", true)]
    [InlineData("{}", true)]
    public void A_visitor_nobody_knows_is_a_new_one(string condition, bool holds) =>
        TestSite.Targets(condition, new TestVisitor("visitor")).ShouldBe(holds);

    [Theory]
    [InlineData("\"countInMillis\": 3600000", true)]
    [InlineData("\"count\": 1, \"unitOfTime\": \"HOUR\"", true)]
    [InlineData("\"count\": 3, \"unitOfTime\": \"HOUR\"", false)]
    [InlineData("\"count\": 0.5, \"unitOfTime\": \"DAY\", \"countInMillis\": 1", true)]
    [InlineData("\"count\": 1, \"unitOfTime\": \"YEAR\"", false)]
    [InlineData("\"countInMillis\": -1, \"count\": 1, \"unitOfTime\": \"HOUR\"", false)]
    public void The_age_of_a_visit_is_given_in_milliseconds_or_in_units(string age, bool holds)
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.PreviousVisits = [VisitorRecord.DefaultNow.AddHours(-2)];

        TestSite.Targets($$"""{ "targetingType": "LAST_VISIT", "matchType": "GREATER", {{age}} }""", visitor)
            .ShouldBe(holds);
    }

    [Fact]
    public void A_day_begins_at_the_midnight_of_the_visitors_clock()
    {
        const string Condition = """{ "targetingType": "SAME_DAY_VISITS", "matchType": "EQUAL", "visitCount": 2 }""";
        var visitor = new TestVisitor("visitor");
        visitor.Record.Now = new DateTimeOffset(2026, 1, 15, 0, 30, 0, TimeSpan.FromHours(2));
        visitor.Record.PreviousVisits = [visitor.Record.Now.AddMinutes(-20), visitor.Record.Now.AddMinutes(-40)];

        TestSite.Targets(Condition, visitor).ShouldBeTrue();

        visitor.Record.Now = visitor.Record.Now.ToUniversalTime();
        TestSite.Targets(Condition, visitor).ShouldBeFalse();
    }
}
