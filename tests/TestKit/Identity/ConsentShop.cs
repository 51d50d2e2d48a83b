namespace Kameleoon.Hybrid.Tests;

/// <summary>A project that requires consent, with a flag for visitors whose plan is gold.</summary>
internal static class ConsentShop
{
    internal const string DataFile = """
        {
          "configuration": { "consentType": "REQUIRED" },
          "customData": [{ "id": 404, "index": 4, "name": "plan" }],
          "segments": [{ "id": 41, "conditionsData": { "firstLevel": [{ "conditions": [
            { "targetingType": "CUSTOM_DATUM", "customDataIndex": "4", "value": "gold", "valueMatchType": "EXACT" }] }] } }],
          "featureFlags": [{
            "id": 1, "featureKey": "checkout", "environmentEnabled": true, "defaultVariationKey": "off",
            "variations": [{ "key": "off" }, { "key": "on" }],
            "rules": [{ "id": 11, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": 7001, "segmentId": 41,
              "variationByExposition": [{ "variationKey": "on", "variationId": 81001, "exposition": 1 }] }]
          }]
        }
        """;
}
