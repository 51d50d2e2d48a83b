using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>Flags with rules, shares, groups and buckets.</summary>
/// <remarks>They are drawn first and written later, for segments refer to flags and rules to segments.</remarks>
internal sealed class RandomFlags(Dice dice, SiteTraits traits)
{
    private static readonly string[] Catalogue = ["off", "on", "a", "b", "é"];

    private static readonly string[] Keys = [.. Catalogue, "unlisted"];

    private long _lastId = dice.Between(1, 1_000_000);

    internal RandomFlag[] Draw()
    {
        // Ids do not follow the order of the file: slots of exclusive groups do, of the ids.
        RandomFlag[] flags = [.. Enumerable.Range(0, dice.Between(1, 7)).Select(DrawFlag)];
        return dice.Percent(50) ? flags : [.. flags.Reverse()];
    }

    internal long NextId() => _lastId += dice.Between(1, 5000);

    internal JsonArray Write(RandomFlag[] flags, long[] segmentIds) => flags.Select(flag => new JsonObject
    {
        ["id"] = flag.Id,
        ["featureKey"] = flag.Key,
        ["environmentEnabled"] = flag.IsEnabled,
        ["defaultVariationKey"] = dice.One("off", "off", "off", "on", "unlisted"),
        ["mutuallyExclusiveGroup"] = dice.One(null, null, null, "", "checkout", "GROUP é"),
        ["bucketingCustomDataId"] = traits.LinksDevices || dice.Percent(70)
            ? null
            : dice.One(RandomSlots.BucketId, RandomSlots.BucketId, RandomSlots.UnknownId),
        ["variations"] = Catalogue.Select(static key =>
            new JsonObject { ["key"] = key, ["name"] = key, ["variables"] = new JsonArray() }).ToJson(),
        ["rules"] = flag.Rules.Select(rule => Write(rule, segmentIds)).ToJson(),
    }).ToJson();

    internal static JsonArray Write(RandomExposure[] exposures) => exposures.Select(exposure => new JsonObject
    {
        ["variationKey"] = exposure.Key,
        ["variationId"] = exposure.Id,
        ["exposition"] = exposure.Share,
    }).ToJson();

    internal double[] Shares() => dice.Below(6) switch
    {
        0 => [0.5, 0.5],
        1 => [0.1, 0.2, 0.7],
        2 => [1.0 / 3, 1.0 / 3, 1.0 / 3],
        3 => [dice.Fraction()],
        4 => [0, dice.Fraction(), 1],
        _ => Dice.Times(dice.Between(1, 5), () => dice.Fraction() / 3),
    };

    private RandomFlag DrawFlag(int number) => new(
        NextId(), $"flag-{number}", dice.Percent(90), Dice.Times(dice.Between(0, 4), DrawRule));

    private RandomRule DrawRule()
    {
        var isDelivery = dice.Percent(25);

        // Where a delivery has several variations or a share below 1, the core picks one by hash, the others the first.
        double[] shares = !isDelivery ? Shares() : dice.Percent(90) ? [1] : [];
        return new RandomRule(NextId(), NextId(), isDelivery, Exposures(shares));
    }

    // No key twice in a rule: forced, it is the last one to the core and the first one to the others.
    private RandomExposure[] Exposures(double[] shares)
    {
        var first = dice.Below(Keys.Length);
        return [.. shares.Select((share, index) => new RandomExposure(
            Keys[(first + index) % Keys.Length],
            traits.LacksIds && dice.Percent(20) ? null : NextId(),
            share))];
    }

    private JsonObject Write(RandomRule rule, long[] segmentIds) => new()
    {
        ["id"] = rule.Id,
        ["order"] = dice.Below(5),
        ["type"] = rule.IsDelivery ? "TARGETED_DELIVERY" : dice.One("EXPERIMENTATION", "EXPERIMENTATION", "NEWER"),
        ["segmentId"] = segmentIds.Length == 0 || dice.Percent(30)
            ? dice.One<long?>(null, RandomSlots.UnknownId)
            : dice.One(segmentIds),
        ["exposition"] = dice.One(1, 1, 1, 0.5, 0, dice.Fraction()),
        ["experimentId"] = rule.ExperimentId,
        ["respoolTime"] = dice.One<long?>(null, null, 0, 1_700_000_000, dice.Between(1, int.MaxValue)),
        ["variationByExposition"] = Write(rule.Exposures),
    };
}
