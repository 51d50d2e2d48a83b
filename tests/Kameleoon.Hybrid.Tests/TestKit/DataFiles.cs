namespace Kameleoon.Hybrid.Tests;

/// <summary>Data files that tests share. Everybody gets the same variation where a test asks for ids.</summary>
internal static class DataFiles
{
    internal const long Experiment = 7001;
    internal const long Variation = 81001;

    /// <summary>checkout: everybody in 7001/81001; delivery: everybody in 7002/81002; style: carries CSS, 7003/81003;
    /// dark: switched off.</summary>
    internal static readonly string Shop = Site();

    internal static string Site(string consentType = "NOT_REQUIRED", bool delivers = true) => $$"""
        {
          "dateModified": 1767225600000,
          "configuration": { "consentType": "{{consentType}}" },
          "featureFlags": [
            {{Flag("checkout", 1, "EXPERIMENTATION", 7001, 81001)}},
            {{(delivers ? Flag("delivery", 2, "TARGETED_DELIVERY", 7002, 81002) + "," : "")}}
            {{Flag("style", 3, "EXPERIMENTATION", 7003, 81003, """{ "key": "look", "type": "CSS", "value": "a{}" }""")}},
            {{Flag("dark", 4, "EXPERIMENTATION", 7004, 81004).Replace("true", "false", StringComparison.Ordinal)}}
          ]
        }
        """;

    /// <summary>checkout for the visitors of segment 41, which is an audience and has one condition; custom data
    /// "plan" at index 4 and the mapping identifier at index 7.</summary>
    internal static string Targeted(string condition, string consentType = "NOT_REQUIRED") => $$"""
        {
          "configuration": { "consentType": "{{consentType}}" },
          "customData": [
            { "id": 404, "index": 4, "name": "plan" },
            { "id": 407, "index": 7, "name": "person", "isMappingIdentifier": true }
          ],
          "segments": [{
            "id": 41, "audienceTracking": true,
            "conditionsData": { "firstLevel": [{ "conditions": [{{condition}}] }] }
          }],
          "featureFlags": [
            {{Flag("checkout", 1, "EXPERIMENTATION", 7001, 81001).Replace("null", "41", StringComparison.Ordinal)}},
            {{Flag("other", 2, "EXPERIMENTATION", 7002, 81002)}}
          ]
        }
        """;

    /// <summary>flag1, flag2 and so on: everybody in 7001/81001, 7002/81002 and so on.</summary>
    internal static string Many(int flags)
    {
        var all = Enumerable.Range(1, flags).Select(static i => Flag($"flag{i}", i, "EXPERIMENTATION", 7000 + i, 81000 + i));
        return $$"""{ "configuration": {}, "featureFlags": [{{string.Join(',', all)}}] }""";
    }

    /// <summary>The same, where each flag but the first asks for an assignment of the one before.</summary>
    internal static string Chained(int flags)
    {
        var all = Enumerable.Range(1, flags).Select(static i => Flag($"flag{i}", i, "EXPERIMENTATION", 7000 + i, 81000 + i)
            .Replace("null", i == 1 ? "null" : $"{i}", StringComparison.Ordinal));
        var segments = Enumerable.Range(2, flags - 1).Select(static i => $$"""
            { "id": {{i}}, "conditionsData": { "firstLevel": [{ "conditions": [
              { "targetingType": "TARGET_FEATURE_FLAG", "featureFlagId": {{i - 1}} }] }] } }
            """);
        return $$"""{ "configuration": {}, "segments": [{{string.Join(',', segments)}}], "featureFlags": [{{string.Join(',', all)}}] }""";
    }

    internal static StubPlatform Serving(string dataFile) => new() { DataFile = _ => StubPlatform.Json(dataFile) };

    private static string Flag(string key, int id, string type, int experiment, int variation, string variable = "") => $$"""
        {
          "id": {{id}}, "featureKey": "{{key}}", "environmentEnabled": true, "defaultVariationKey": "off",
          "variations": [
            { "key": "off", "name": "Off", "variables": [] },
            { "key": "on", "name": "On", "variables": [{{variable}}] }
          ],
          "rules": [{
            "id": {{id + 1000}}, "type": "{{type}}", "segmentId": null, "exposition": 1, "experimentId": {{experiment}},
            "variationByExposition": [{ "variationKey": "on", "variationId": {{variation}}, "exposition": 1 }]
          }]
        }
        """;
}
