using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>Segments: boolean trees of conditions, and segments within segments.</summary>
internal sealed class RandomSegments(Dice dice, SiteTraits traits, RandomFlag[] flags)
{
    private readonly RandomConditions _facts = new(dice);
    private readonly RandomHistoryConditions _history = new(dice, traits, flags);

    /// <summary>The segments that others may name: with conditions, and none of them on a flag.</summary>
    /// <remarks>The core fails on a named segment without conditions, and is blind to flags within one.</remarks>
    private readonly List<long> _named = [];

    internal (long Id, JsonObject Segment)[] Draw(Func<long> nextId) =>
        [.. Enumerable.Range(0, dice.Between(0, 8)).Select(_ => Draw(nextId()))];

    private (long Id, JsonObject Segment) Draw(long id)
    {
        var mayBeNamed = dice.Percent(50);
        var groups = Dice.Times(dice.Between(mayBeNamed ? 1 : 0, 3), () => Group(!mayBeNamed));
        var segment = new JsonObject
        {
            ["id"] = id,
            ["name"] = "segment",
            ["audienceTracking"] = false,
            ["conditionsData"] = new JsonObject
            {
                ["firstLevelOrOperators"] = Operators(groups.Length).ToJson(),
                ["firstLevel"] = groups.ToJson(),
            },
        };
        if (mayBeNamed)
        {
            _named.Add(id);
        }

        return (id, segment);
    }

    // A group has a condition at least: the core fails on an empty one.
    private JsonObject Group(bool mayAskForFlags)
    {
        var conditions = Dice.Times(dice.Between(1, 4), () => Condition(mayAskForFlags));
        return new JsonObject
        {
            ["orOperators"] = Operators(conditions.Length).ToJson(),
            ["conditions"] = conditions.ToJson(),
        };
    }

    private JsonObject Condition(bool mayAskForFlags)
    {
        if (_named.Count > 0 && dice.Percent(15))
        {
            var id = dice.Percent(10) ? RandomSlots.UnknownId : dice.One([.. _named]);
            return RandomConditions.Included(dice, RandomConditions.Of("SEGMENT", ("segmentId", id)));
        }

        return (dice.Percent(50) ? _history.Draw(mayAskForFlags) : null) ?? _facts.Draw();
    }

    private bool[] Operators(int count)
    {
        while (true)
        {
            var operators = Dice.Times(Math.Max(0, count - 1), () => dice.Percent(50));
            if (AgreesWithLeftToRight(operators))
            {
                return operators;
            }
        }
    }

    /// <summary>Whether the core, which reads from the left, and the other SDKs, which fold, always agree.</summary>
    private static bool AgreesWithLeftToRight(bool[] operators)
    {
        var count = operators.Length + 1;
        return Enumerable.Range(0, 1 << count).All(truth =>
        {
            bool[] items = [.. Enumerable.Range(0, count).Select(bit => (truth & (1 << bit)) != 0)];
            var left = items[0];
            for (var i = 1; i < count; i++)
            {
                left = operators[i - 1] ? left || items[i] : left && items[i];
            }

            return left == Fold(items, operators);
        });
    }

    private static bool Fold(ReadOnlySpan<bool> items, ReadOnlySpan<bool> operators)
    {
        if (items.Length == 1)
        {
            return items[0];
        }

        if (operators[0])
        {
            return items[0] || Fold(items[1..], operators[1..]);
        }

        var both = items[0] && items[1];
        return items.Length == 2 ? both
            : operators[1] ? both || Fold(items[2..], operators[2..])
            : both && Fold(items[2..], operators[2..]);
    }
}
