using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>Calls of visitors, new ones and some that come back.</summary>
internal sealed class RandomVisitors(Dice dice, SiteTraits traits, RandomFlag[] flags, DateTimeOffset now)
{
    private readonly RandomCodes _codes = new(dice);
    private readonly RandomFacts _facts = new(dice, traits, flags, now);
    private readonly List<string> _seen = [];

    internal JsonArray Draw(int count) => Dice.Times(count, () => Draw()).ToJson();

    private JsonObject Draw()
    {
        var comesBack = _seen.Count > 0 && dice.Percent(traits.RemembersAssignments ? 50 : 15);
        var code = comesBack ? dice.One([.. _seen]) : _codes.Next();
        var visitor = new JsonObject { ["visitorCode"] = code };
        if (!RandomCodes.IsValid(code))
        {
            return visitor;
        }

        var isFirst = !_seen.Contains(code, StringComparer.Ordinal);
        _seen.Add(code);
        visitor["data"] = _facts.Draw(code, isFirst).ToJson();
        if (traits.SteersVisitors)
        {
            Steer(visitor);
        }

        return visitor;
    }

    private void Steer(JsonObject visitor)
    {
        if (dice.Percent(50))
        {
            visitor["consent"] = dice.Percent(40);
        }

        RandomRule[] rules =
        [
            .. flags.SelectMany(static flag => flag.Rules).Where(static rule => rule.Exposures.Length > 0),
        ];
        if (rules.Length > 0 && dice.Percent(20))
        {
            visitor["forced"] = Dice.Times(dice.Between(1, 2), () => Forced(dice.One(rules))).ToJson();
        }

        if (dice.Percent(15))
        {
            visitor["simulated"] = Simulated();
        }
    }

    private JsonObject Forced(RandomRule rule) => new JsonObject
    {
        ["experimentId"] = dice.Percent(95) ? rule.ExperimentId : RandomSlots.UnknownId,
        ["variationKey"] = dice.Below(10) switch
        {
            0 => null,
            1 => "never heard of",
            _ => dice.One(rule.Exposures).Key,
        },
        ["forceTargeting"] = dice.Percent(60),
    };

    // Flags that are on: the core does not simulate the others, newer SDKs do.
    private JsonObject Simulated()
    {
        var simulated = new JsonObject();
        foreach (var flag in flags.Where(static flag => flag.IsEnabled))
        {
            var rule = flag.Rules.Length > 0 ? dice.One(flag.Rules) : null;
            var exposure = rule is { Exposures.Length: > 0 } ? dice.One(rule.Exposures) : null;
            simulated[dice.Percent(95) ? flag.Key : "unheard of"] = dice.Below(5) switch
            {
                0 => new JsonObject { ["expId"] = 0 },
                1 => new JsonObject { ["expId"] = rule?.ExperimentId ?? 1, ["varId"] = RandomSlots.UnknownId },
                2 => new JsonObject { ["expId"] = "text", ["varId"] = 1 },
                _ => new JsonObject { ["expId"] = rule?.ExperimentId ?? 1, ["varId"] = exposure?.Id ?? 1 },
            };
            if (dice.Percent(50))
            {
                break;
            }
        }

        return simulated;
    }
}
