using System.Text;

namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>Data files as small as a test's point.</summary>
internal static class TestSite
{
    internal const string Key = "flag";

    internal static DataFile Parse(string json) => DataFile.Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>A site of one flag whose rule gives everybody <c>on</c> (variation 31 of experiment 21).</summary>
    internal static DataFile WithRule(string rule = "", string top = "", string flag = "") => Parse($$"""
        {
          "configuration": {},
          "featureFlags": [{
            "id": 1, "featureKey": "flag", "environmentEnabled": true, "defaultVariationKey": "off",
            "variations": [{ "key": "off" }, { "key": "on" }, { "key": "other" }],
            "rules": [{
              "id": 11, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": 21,
              "variationByExposition": [
                { "variationKey": "on", "variationId": 31, "exposition": 1 },
                { "variationKey": "other", "variationId": 32, "exposition": 0 }]
              {{rule}}
            }]
            {{flag}}
          }]
          {{top}}
        }
        """);

    /// <summary>The same, for the visitors of one segment with the given groups.</summary>
    internal static DataFile WithSegment(string conditionsData, string moreSegments = "") => WithRule(
        rule: """, "segmentId": 41 """,
        top: $$""", "segments": [{ "id": 41, "audienceTracking": true, "conditionsData": {{conditionsData}} }{{moreSegments}}]""");

    internal static DataFile WithCondition(string condition, string moreSegments = "") => WithSegment(
        $$"""{ "firstLevel": [{ "conditions": [{{condition}}] }] }""", moreSegments);

    internal static bool Targets(string condition, TestVisitor visitor) => Targets(WithCondition(condition), visitor);

    internal static bool Targets(DataFile dataFile, TestVisitor? visitor = null) =>
        dataFile.Decide(Key, visitor ?? new TestVisitor("visitor")).Variation.Key is "on";
}
