namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>A decision that is remembered is never one that would be taken otherwise by now.</summary>
public sealed class StalenessTests
{
    private static readonly DateTimeOffset Now = VisitorRecord.DefaultNow;

    private static readonly (string Condition, Action<VisitorRecord> Change)[] NotCovered =
    [
        ("""{ "targetingType": "BROWSER", "browser": "CHROME" }""", r => r.Browser = new(BrowserType.Chrome)),
        ("""{ "targetingType": "CONVERSIONS", "goalId": 1 }""", r => r.Conversions.Add((1, Now))),
        (
            """{ "targetingType": "COOKIE", "nameMatchType": "EXACT", "name": "a", "valueMatchType": "EXACT", "value": "b" }""",
            r => r.Cookies = [KeyValuePair.Create("a", "b")]),
        ("""{ "targetingType": "DEVICE_TYPE", "device": "PHONE" }""", r => r.Device = DeviceType.Phone),
        (
            """{ "targetingType": "EXCLUSIVE_EXPERIMENT", "campaignType": "ANY", "isInclude": false }""",
            r => r.Assignments[7] = new(1, Now)),
        (
            """{ "targetingType": "FIRST_VISIT", "countInMillis": 0, "matchType": "GREATER" }""",
            r => r.PreviousVisits = [Now.AddHours(-1)]),
        ("""{ "targetingType": "GEOLOCATION", "country": "France" }""", r => r.Location = new("France")),
        (
            """{ "targetingType": "HEAT_SLICE", "keyMomentId": 1, "goalId": 2, "lowerBound": 0, "upperBound": 9 }""",
            r => r.Likelihoods[(1, 2)] = 5),
        (
            """{ "targetingType": "LAST_VISIT", "countInMillis": 0, "matchType": "GREATER" }""",
            r => r.PreviousVisits = [Now.AddHours(-1)]),
        ("""{ "targetingType": "NEW_VISITORS", "visitorType": "RETURNING" }""", r => r.PreviousVisits = [Now]),
        ("""{ "targetingType": "OPERATING_SYSTEM", "os": "LINUX" }""", r => r.OperatingSystem = OperatingSystemType.Linux),
        ("""{ "targetingType": "PAGE_TITLE", "matchType": "EXACT", "title": "t" }""", r => r.View("/a", "t")),
        ("""{ "targetingType": "PAGE_URL", "matchType": "EXACT", "url": "/a" }""", r => r.View("/a", "t")),
        ("""{ "targetingType": "PAGE_VIEWS", "matchType": "EQUAL", "pageCount": 1 }""", r => View(r, "/a")),
        ("""{ "targetingType": "PREVIOUS_PAGE", "matchType": "EXACT", "url": "/a" }""", r => View(r, "/a", "/b")),
        ("""{ "targetingType": "SAME_DAY_VISITS", "matchType": "EQUAL", "visitCount": 0 }""", r => r.CurrentVisitStart = Now.AddDays(-1)),
        ("""{ "targetingType": "TARGET_EXPERIMENT", "experimentId": 7, "variationMatchType": "ANY" }""", r => r.Assignments[7] = new(1, Now)),
        ("""{ "targetingType": "TARGET_FEATURE_FLAG", "featureFlagId": 1 }""", r => r.Assignments[21] = new(1, Now)),
        ("""{ "targetingType": "TARGET_PERSONALIZATION", "personalizationId": 1 }""", r => r.Personalizations[1] = Now),
        ("""{ "targetingType": "VISITS", "matchType": "EQUAL", "visitCount": 2 }""", r => r.PreviousVisits = [Now]),
    ];

    private static readonly DataFile Covered = TestSite.Parse("""
        {
          "configuration": { "consentType": "REQUIRED" },
          "segments": [{ "id": 41, "conditionsData": { "firstLevel": [{ "conditions": [
            { "targetingType": "CUSTOM_DATUM", "customDataIndex": "0", "valueMatchType": "UNDEFINED" },
            { "targetingType": "APPLICATION_VERSION", "version": "2", "versionMatchType": "EQUAL", "isInclude": false },
            { "targetingType": "SDK_LANGUAGE", "sdkLanguage": "CSHARP", "version": "4.22.0", "versionMatchType": "EQUAL" }
          ] }] } }],
          "featureFlags": [{
            "id": 1, "featureKey": "flag", "environmentEnabled": true, "defaultVariationKey": "off",
            "variations": [{ "key": "off" }, { "key": "on" }, { "key": "other" }],
            "rules": [{
              "id": 11, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": 21, "segmentId": 41,
              "variationByExposition": [
                { "variationKey": "on", "variationId": 31, "exposition": 0.9 },
                { "variationKey": "other", "variationId": 32, "exposition": 0.1 }]
            }]
          }]
        }
        """);

    public static TheoryData<int> NotCoveredConditions { get; } = [.. Enumerable.Range(0, NotCovered.Length)];

    [Fact]
    public void Every_kind_of_condition_is_either_covered_by_the_version_or_tried_here()
    {
        string[] covered = ["APPLICATION_VERSION", "CUSTOM_DATUM", "SDK_LANGUAGE", "SEGMENT", "VISITOR_CODE"];

        ConditionFactory.SupportedTypes.Except(covered, StringComparer.Ordinal)
            .ShouldAllBe(name => NotCovered.Any(entry => entry.Condition.Contains($"\"{name}\"", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(NotCoveredConditions))]
    public void What_the_version_does_not_cover_is_asked_each_time(int index)
    {
        var (condition, change) = NotCovered[index];
        Flips(TestSite.WithCondition(condition), change);

        // Through other segments, one of which refers to itself.
        Flips(
            TestSite.WithCondition(
                """{ "targetingType": "SEGMENT", "segmentId": 42 }""",
                $$"""
                , { "id": 42, "conditionsData": { "firstLevelOrOperators": [true], "firstLevel": [
                    { "conditions": [{ "targetingType": "SEGMENT", "segmentId": 42 }] },
                    { "conditions": [{ "targetingType": "SEGMENT", "segmentId": 43 }] }] } },
                  { "id": 43, "conditionsData": { "firstLevel": [{ "conditions": [{{condition}}] }] } }
                """),
            change);
    }

    [Fact]
    public void Time_that_passes_is_a_change()
    {
        var site = TestSite.WithCondition("""{ "targetingType": "LAST_VISIT", "countInMillis": 1000, "matchType": "GREATER" }""");
        var visitor = new TestVisitor("visitor");
        var memo = new DecisionMemo();
        visitor.Record.PreviousVisits = [Now];
        Decide(memo, site, visitor).ShouldBe("off");

        visitor.Record.Now = Now.AddMinutes(1);

        Decide(memo, site, visitor).ShouldBe("on");
    }

    [Fact]
    public void A_simulation_is_neither_remembered_nor_hidden_by_what_is()
    {
        var site = TestSite.WithRule();
        var visitor = new TestVisitor("visitor");
        var memo = new DecisionMemo();
        Decide(memo, site, visitor).ShouldBe("on");

        visitor.Record.Simulation = site.ReadSimulation("""{ "flag": { "expId": 21, "varId": 32 } }""");
        Decide(memo, site, visitor).ShouldBe("other");
        var sequence = memo.DecideAll(site, visitor, 1);
        sequence.MoveNext().ShouldBeTrue();
        sequence.Current.Variation.Key.ShouldBe("other");

        visitor.Record.Simulation = null;
        Decide(memo, site, visitor).ShouldBe("on");
    }

    [Theory]
    [InlineData("consent")]
    [InlineData("forced variation")]
    [InlineData("forced variation, taken back")]
    [InlineData("bandit scores")]
    [InlineData("custom data")]
    [InlineData("application version")]
    [InlineData("sdk version")]
    [InlineData("mapping identifier")]
    public void What_the_version_covers_shows_as_soon_as_it_rises(string change)
    {
        var visitor = new TestVisitor("visitor");
        var memo = new DecisionMemo();
        if (change is "forced variation, taken back")
        {
            visitor.Record.Forced[21] = Forced(Covered);
        }

        var before = Decide(memo, Covered, visitor);
        Change(Covered, visitor.Record, change);
        var after = memo.Decide(Covered, TestSite.Key, visitor, 2);
        var all = memo.DecideAll(Covered, visitor, 2);

        after.ShouldBe(Covered.Decide(TestSite.Key, visitor));
        (after.Variation.Key == before).ShouldBeFalse();
        all.MoveNext().ShouldBeTrue();
        all.Current.ShouldBe(after);
    }

    private static void Change(DataFile site, VisitorRecord record, string change)
    {
        switch (change)
        {
            case "consent":
                record.Consent = Consent.Refused;
                break;
            case "forced variation":
                record.Forced[21] = Forced(site);
                break;
            case "forced variation, taken back":
                record.Forced.Clear();
                break;
            case "bandit scores":
                record.BanditScores[21] = new() { [32] = 1 };
                break;
            case "custom data":
                record.CustomData[0] = ["a"];
                break;
            case "application version":
                record.ApplicationVersion = "2.0.0";
                break;
            case "sdk version":
                record.SdkVersion = "5.0.0";
                break;
            default:
                record.MappingIdentifier = Enumerable.Range(0, 1000).Select(i => $"person{i}")
                    .First(code => site.Decide(TestSite.Key, new TestVisitor(code)).Variation.Key is "other");
                break;
        }
    }

    private static ForcedVariation Forced(DataFile site)
    {
        site.TryForce(21, "other", forceTargeting: true, out var forced).ShouldBe(ForcedVariationResult.Forced);
        return forced!;
    }

    private static void Flips(DataFile site, Action<VisitorRecord> change)
    {
        var visitor = new TestVisitor("visitor");
        var memo = new DecisionMemo();
        visitor.Record.IsKnown = true;
        var before = Decide(memo, site, visitor);
        memo.DecideAll(site, visitor, 1).MoveNext().ShouldBeTrue();

        change(visitor.Record);
        var sequence = memo.DecideAll(site, visitor, 1);

        (Decide(memo, site, visitor) == before).ShouldBeFalse();
        sequence.MoveNext().ShouldBeTrue();
        (sequence.Current.Variation.Key == before).ShouldBeFalse();
    }

    private static string Decide(DecisionMemo memo, DataFile site, TestVisitor visitor) =>
        memo.Decide(site, TestSite.Key, visitor, 1).Variation.Key;

    private static void View(VisitorRecord record, params ReadOnlySpan<string> urls)
    {
        foreach (var url in urls)
        {
            record.View(url, "t");
        }
    }
}
