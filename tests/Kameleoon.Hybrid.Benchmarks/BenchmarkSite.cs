using System.Globalization;
using System.Text;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>The task on which evaluators are compared, the official ones included.</summary>
/// <remarks>
/// A flag has a delivery for visitors whom it does not find, then an experiment with two halves for those it does.
/// Members that this library can do without are there for the others.
/// </remarks>
internal static class BenchmarkSite
{
    /// <param name="flags">How many.</param>
    /// <param name="exposition">The share of each experiment.</param>
    internal static DataFile Create(int flags, double exposition = 1) => DataFile.Parse(Write(flags, exposition));

    internal static byte[] Write(int flags, double exposition = 1) => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "configuration": { "consentType": "NOT_REQUIRED", "consentOptOutBehavior": "PARTIALLY_BLOCK" },
              "customData": [],
              "segments": [{{Segment(1, "qa-")}}, {{Segment(2, "v")}}],
              "featureFlags": [{{string.Join(',', Enumerable.Range(0, flags).Select(flag => Flag(flag, exposition)))}}]
            }
            """));

    internal static string Key(int flag) => string.Create(CultureInfo.InvariantCulture, $"feature_number_{flag}");

    private static string Segment(int id, string text) => string.Create(CultureInfo.InvariantCulture, $$"""
        { "id": {{id}}, "conditionsData": { "firstLevelOrOperators": [], "firstLevel": [{ "orOperators": [], "conditions": [
          { "targetingType": "VISITOR_CODE", "matchType": "CONTAINS", "visitorCode": "{{text}}" }] }] } }
        """);

    private static string Flag(int flag, double exposition) => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "id": {{flag + 1}}, "featureKey": "{{Key(flag)}}", "environmentEnabled": true, "defaultVariationKey": "off",
          "variations": [{ "key": "off", "variables": [] }, { "key": "on", "variables": [] }],
          "rules": [
            { "id": {{10_000 + flag}}, "type": "TARGETED_DELIVERY", "exposition": 1, "experimentId": {{100_000 + flag}},
              "segmentId": 1, "variationByExposition": [{ "variationKey": "on", "variationId": 1, "exposition": 1 }] },
            { "id": {{20_000 + flag}}, "type": "EXPERIMENTATION", "exposition": {{exposition}}, "experimentId": {{200_000 + flag}},
              "segmentId": 2, "respoolTime": 1767225600, "variationByExposition": [
              { "variationKey": "off", "variationId": 2, "exposition": 0.5 },
              { "variationKey": "on", "variationId": 3, "exposition": 0.5 }] }]
        }
        """);
}

/// <summary>A visitor as a store keeps one: the code, and what was decided.</summary>
internal sealed class BenchmarkVisitor(string code) : IVisitorFacts
{
    public string VisitorCode => code;

    public DateTimeOffset Now => default;

    internal DecisionMemo Memo { get; } = new();

    internal long Version { get; set; }
}
