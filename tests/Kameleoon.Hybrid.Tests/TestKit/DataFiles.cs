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
