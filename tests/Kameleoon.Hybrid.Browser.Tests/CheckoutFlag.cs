namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The flag <c>checkout</c>, whose experiment 7001 gives every visitor the variation <c>on</c>.</summary>
internal static class CheckoutFlag
{
    internal const string DataFile = """
        {
          "configuration": {},
          "featureFlags": [{
            "id": 1, "featureKey": "checkout", "environmentEnabled": true, "defaultVariationKey": "off",
            "variations": [{ "key": "off" }, { "key": "on" }],
            "rules": [{ "id": 11, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": 7001,
              "variationByExposition": [{ "variationKey": "on", "variationId": 81001, "exposition": 1 }] }]
          }]
        }
        """;
}
