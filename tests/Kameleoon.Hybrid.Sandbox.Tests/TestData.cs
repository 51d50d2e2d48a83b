using System.Globalization;

namespace Kameleoon.Hybrid.Sandbox.Tests;

internal static class TestData
{
    public const string Json = """
        {
          "configuration": {},
          "featureFlags": [{
            "id": 1, "featureKey": "checkout", "environmentEnabled": true, "defaultVariationKey": "off",
            "variations": [{ "key": "off", "name": "Off" }, { "key": "on", "name": "One page" }],
            "rules": [{
              "id": 2, "type": "EXPERIMENTATION", "exposition": 1.0, "experimentId": 77,
              "variationByExposition": [
                { "variationKey": "off", "variationId": 700, "exposition": 0.5 },
                { "variationKey": "on", "variationId": 701, "exposition": 0.5 }]
            }]
          }]
        }
        """;

    internal static readonly IReadOnlyDictionary<string, FlagEdit> NoEdits =
        new Dictionary<string, FlagEdit>(StringComparer.Ordinal);

    private static int _nonce;

    public static string Nonce() => Interlocked.Increment(ref _nonce).ToString("X16", CultureInfo.InvariantCulture);

    public static string Exposure(long experiment = 77, long variation = 701) =>
        $"eventType=experiment&nonce={Nonce()}&id={experiment}&variationId={variation}";

    public static string Conversion(string goal = "5", string revenue = "10.5", string negative = "false") =>
        $"eventType=conversion&goalId={goal}&revenue={revenue}&negative={negative}&nonce={Nonce()}";

    public static string Page() => $"eventType=page&nonce={Nonce()}&href=https%3A%2F%2Fshop.example%2F";

    public static string Of(this string line, string visitor) => $"{line}&visitorCode={visitor}";
}
