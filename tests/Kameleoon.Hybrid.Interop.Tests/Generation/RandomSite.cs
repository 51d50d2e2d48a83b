using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>A site with its visitors, in the format of the recorded decisions.</summary>
/// <remarks>
/// What the official SDKs treat differently from each other is left out, each time with the reason beside it.
/// Not generated at all: flag keys and ids that occur twice, malformed documents, segments that name themselves.
/// </remarks>
internal static class RandomSite
{
    /// <summary>Draws a site; the same seed and number give the same one.</summary>
    internal static JsonObject Draw(int seed, int number, int visitors)
    {
        var dice = new Dice(((ulong)(uint)seed << 32) | (uint)number);
        var traits = SiteTraits.Throw(dice);
        var now = Now(dice);
        var source = new RandomFlags(dice, traits);
        var flags = source.Draw();
        var segments = new RandomSegments(dice, traits, flags).Draw(source.NextId);
        return new JsonObject
        {
            ["now"] = now.ToUnixTimeMilliseconds(),
            ["sdk"] = new JsonObject { ["language"] = "CSHARP", ["version"] = dice.One("4.22.0", "4.18.1", "3.0.0") },
            ["featureKeys"] = flags.Select(static flag => flag.Key)
                .Concat(dice.Percent(10) ? ["never heard of"] : [])
                .ToJson(),
            ["dataFile"] = new JsonObject
            {
                ["configuration"] = Configuration(dice, traits),
                ["customData"] = RandomSlots.Write(traits),
                ["holdout"] = traits.HasHoldout ? Holdout(dice, source) : null,
                ["featureFlags"] = source.Write(flags, [.. segments.Select(static segment => segment.Id)]),
                ["segments"] = segments.Select(static segment => segment.Segment).ToJson(),
            },
            ["visitors"] = new RandomVisitors(dice, traits, flags, now).Draw(visitors),
        };
    }

    // Never in a day's first second, when a visit may have begun the day before: the core counts it for today anyway.
    private static DateTimeOffset Now(Dice dice) => new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)
        .AddDays(dice.Below(700))
        .AddMilliseconds(dice.Between(2_000, 86_399_999));

    private static JsonObject Configuration(Dice dice, SiteTraits traits) => new()
    {
        ["realTimeUpdate"] = false,
        ["consentType"] = traits.SteersVisitors ? dice.One("REQUIRED", "NOT_REQUIRED") : "NOT_REQUIRED",
        ["consentOptOutBehavior"] = dice.One("PARTIALLY_BLOCK", "FULLY_BLOCK"),
        ["dataApiDomain"] = "data.kameleoon.io",
    };

    private static JsonObject Holdout(Dice dice, RandomFlags source)
    {
        var share = dice.One(0, 0.1, 0.5, 1);
        return new JsonObject
        {
            ["experimentId"] = source.NextId(),
            ["variationByExposition"] = RandomFlags.Write(
            [
                new RandomExposure("in-holdout", source.NextId(), share),
                new RandomExposure("free", source.NextId(), dice.One(1 - share, 0.2)),
            ]),
        };
    }
}
