using System.Text.Json;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>The task every implementation is measured with: a data file of alike flags.</summary>
/// <remarks>
/// Each flag delivers to nobody first, then splits everybody in two, so a decision checks two conditions on the
/// visitor code, of which the second holds for codes with a "v", and needs two hashes.
/// </remarks>
internal static class PageOfFlags
{
    internal static string Key(int number) => FormattableString.Invariant($"flag-{number}");

    internal static byte[] Write(int flags) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        configuration = new { consentType = "NOT_REQUIRED", consentOptOutBehavior = "PARTIALLY_BLOCK" },
        customData = Array.Empty<object>(),
        segments = new[] { Segment(1, "!"), Segment(2, "v") },
        featureFlags = Enumerable.Range(0, flags).Select(Flag),
    });

    private static object Segment(int id, string text) => new
    {
        id,
        conditionsData = new
        {
            firstLevelOrOperators = Array.Empty<bool>(),
            firstLevel = new[]
            {
                new
                {
                    orOperators = Array.Empty<bool>(),
                    conditions = new[]
                    {
                        new { targetingType = "VISITOR_CODE", matchType = "CONTAINS", visitorCode = text },
                    },
                },
            },
        },
    };

    private static object Flag(int number) => new
    {
        id = number + 1,
        featureKey = Key(number),
        environmentEnabled = true,
        defaultVariationKey = "off",
        variations = new[] { Variation("off"), Variation("on") },
        rules = new[]
        {
            Rule((10 * number) + 10_001, "TARGETED_DELIVERY", 1, ("on", 1)),
            Rule((10 * number) + 10_004, "EXPERIMENTATION", 2, ("off", 0.5), ("on", 0.5)),
        },
    };

    private static object Variation(string key) => new { key, variables = Array.Empty<object>() };

    private static object Rule(int id, string type, int segmentId, params (string Key, double Share)[] shares) => new
    {
        id,
        type,
        segmentId,
        exposition = 1,
        experimentId = id + 100_000,
        variationByExposition = shares.Select((variation, index) => new
        {
            variationKey = variation.Key,
            variationId = id + 200_000 + index,
            exposition = variation.Share,
        }),
    };
}
