using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>Conditions on what a visitor did: pages, visits, conversions, experiments.</summary>
internal sealed class RandomHistoryConditions(Dice dice, SiteTraits traits, RandomFlag[] flags)
{
    private static readonly (string Unit, long Milliseconds)[] Units =
        [("MINUTE", 60_000), ("HOUR", 3_600_000), ("DAY", 86_400_000), ("WEEK", 604_800_000), ("MONTH", 2_592_000_000)];

    /// <summary>A condition, or null when the site has none of the kind that chance wants.</summary>
    internal JsonObject? Draw(bool mayAskForFlags)
    {
        var condition = dice.Below(6) switch
        {
            0 => Page(),
            1 => Conversion(),
            2 or 3 => traits.LoadsVisits ? Visit() : null,
            _ => traits.RemembersAssignments ? Assignment(mayAskForFlags) : null,
        };
        return condition is null ? null : RandomConditions.Included(dice, condition);
    }

    private JsonObject Page()
    {
        var (type, field) = dice.One(("PAGE_URL", "url"), ("PAGE_TITLE", "title"), ("PREVIOUS_PAGE", "url"));
        var isTitle = string.Equals(field, "title", StringComparison.Ordinal);
        var (match, text) = dice.Below(3) switch
        {
            0 => ("REGULAR_EXPRESSION", dice.One(isTitle ? ["^Tea", "é$", "t|T"] : Words.AddressPatterns)),
            1 => ("CONTAINS", isTitle ? dice.One("ea", "out") : dice.One("shop", "products/7", "é", "?")),
            _ => ("EXACT", isTitle ? dice.One("Tea", "Thé") : dice.One(Words.Addresses)),
        };
        return RandomConditions.Of(type, ("matchType", match), (field, text));
    }

    // Goal -1 is any goal; an absent one is any goal to the others and none to the core.
    private JsonObject Conversion() => dice.Percent(50)
        ? RandomConditions.Of("CONVERSIONS", ("goalId", dice.One([.. Words.Goals, -1])))
        : RandomConditions.Of(
            "HEAT_SLICE",
            ("keyMomentId", dice.Between(1, 2)),
            ("goalId", dice.One(Words.Goals)),
            ("lowerBound", dice.One<double?>([.. Words.Scores, null])),
            ("upperBound", dice.One<double?>([.. Words.Scores, null])));

    private JsonObject Visit()
    {
        var comparison = dice.One("EQUAL", "GREATER", "LOWER");
        if (dice.Percent(40))
        {
            // The core reads other fields than the rest, so both are there, and it does not know EQUAL.
            var (unit, milliseconds) = dice.One(Units);
            var count = dice.Between(1, 4);
            return RandomConditions.Of(
                dice.One("FIRST_VISIT", "LAST_VISIT"),
                ("matchType", dice.One("GREATER", "LOWER")),
                ("count", count),
                ("unitOfTime", unit),
                ("countInMillis", count * milliseconds));
        }

        return dice.Below(4) switch
        {
            0 => RandomConditions.Of("NEW_VISITORS", ("visitorType", dice.One("NEW", "RETURNING"))),
            1 => RandomConditions.Of("PAGE_VIEWS", ("matchType", comparison), ("pageCount", dice.Between(0, 4))),
            var kind => RandomConditions.Of(
                kind == 2 ? "VISITS" : "SAME_DAY_VISITS",
                ("matchType", comparison),
                ("visitCount", dice.Between(0, 4))),
        };
    }

    // Visit scopes are newer than this core; all that visitors do here belongs to their current visit.
    private JsonObject Assignment(bool mayAskForFlags) => dice.Below(mayAskForFlags ? 5 : 3) switch
    {
        0 => RandomConditions.Of(
            "TARGET_PERSONALIZATION", ("personalizationId", dice.One([.. Words.Personalizations, 3]))),
        1 => RandomConditions.Of(
            "EXCLUSIVE_EXPERIMENT", ("campaignType", Campaign())),
        2 => Experiment(),
        _ => Flag(),
    };

    private string Campaign() => dice.One("EXPERIMENT", "PERSONALIZATION", "ANY");

    // The core reads "experiment" and "variation", the others "experimentId" and "variationId".
    private JsonObject Experiment()
    {
        var rule = AnyRule();
        var experiment = rule?.ExperimentId ?? RandomSlots.UnknownId;
        var variation = rule is { Exposures: [{ Id: { } id }, ..] } ? id : RandomSlots.UnknownId;
        return RandomConditions.Of(
            "TARGET_EXPERIMENT",
            ("variationMatchType", dice.One("ANY", "EXACT")),
            ("experiment", experiment),
            ("experimentId", experiment),
            ("variation", variation),
            ("variationId", variation));
    }

    // The rule is one of the flag's own, and a variation comes with a rule: the core looks no further.
    private JsonObject Flag()
    {
        var flag = dice.Percent(95) ? dice.One(flags) : new RandomFlag(RandomSlots.UnknownId, "unknown", true, []);
        var rule = flag.Rules.Length > 0 && dice.Percent(60) ? dice.One(flag.Rules) : null;
        var exposure = rule is { Exposures.Length: > 0 } && dice.Percent(50) ? dice.One(rule.Exposures) : null;
        return RandomConditions.Of(
            "TARGET_FEATURE_FLAG",
            ("featureFlagId", flag.Id),
            ("ruleId", rule?.Id),
            ("variationKey", exposure?.Key));
    }

    private RandomRule? AnyRule()
    {
        var rules = flags.SelectMany(static flag => flag.Rules).ToArray();
        return rules.Length == 0 ? null : dice.One(rules);
    }
}
