using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Applies edits to a data file, so that every SDK decides by them as if the file had been edited.</summary>
internal static class FlagEdits
{
    /// <param name="dataFile">The data file.</param>
    /// <param name="edits">The edits by flag.</param>
    /// <param name="modified">The time of the last change.</param>
    internal static byte[] Apply(byte[] dataFile, IReadOnlyDictionary<string, FlagEdit> edits, DateTimeOffset modified)
    {
        if (edits.Count == 0)
        {
            return dataFile;
        }

        var root = EditableJson.Parse(dataFile);
        root["dateModified"] = modified.ToUnixTimeMilliseconds();
        foreach (var flag in Objects(root, "featureFlags"))
        {
            if (edits.TryGetValue(Text(flag["featureKey"]), out var edit))
            {
                Apply(flag, edit, root);
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(root, CompilationJson.Default.JsonObject);
    }

    /// <summary>Returns why an edit is not possible; null when it is.</summary>
    internal static string? Check(byte[] dataFile, string key, FlagEdit edit)
    {
        if (edit.Problem is { } problem)
        {
            return problem;
        }

        var flags = Objects(EditableJson.Parse(dataFile), "featureFlags");
        if (flags.FirstOrDefault(flag => Text(flag["featureKey"]).Is(key)) is not { } found)
        {
            return $"There is no flag \"{key}\".";
        }

        var variations = Objects(found, "variations")
            .Select(variation => Text(variation["key"]))
            .ToHashSet(StringComparer.Ordinal);
        var unknown = (edit.Forced ?? []).Select(forced => forced.Variation)
            .Concat((edit.Rules?.Values ?? []).SelectMany(rule => rule.Weights?.Keys ?? []))
            .FirstOrDefault(variation => !variations.Contains(variation));
        return unknown is null ? null : $"The flag \"{key}\" has no variation \"{unknown}\".";
    }

    private static void Apply(JsonObject flag, FlagEdit edit, JsonObject root)
    {
        if (edit.Enabled is { } enabled)
        {
            flag["environmentEnabled"] = enabled;
        }

        foreach (var rule in Objects(flag, "rules"))
        {
            if (edit.Rules?.GetValueOrDefault(Text(rule["id"])) is { } change)
            {
                Apply(rule, change);
            }
        }

        var position = 0;
        foreach (var forced in edit.Forced ?? [])
        {
            if (forced.Visitor is null)
            {
                // In its group, the flag would be off for most visitors it is forced on.
                flag["mutuallyExclusiveGroup"] = null;
            }

            var rule = CreateForcedRule(flag, forced, root);
            if (flag["rules"] is not JsonArray rules)
            {
                flag["rules"] = rules = [];
            }

            rules.Insert(position++, rule);
        }

        if (position > 0)
        {
            SetOrder(flag);
        }
    }

    // The inserted rules are the first ones also for an SDK that sorts by it.
    private static void SetOrder(JsonObject flag)
    {
        foreach (var (order, rule) in Objects(flag, "rules").Index())
        {
            rule["order"] = order;
        }
    }

    private static void Apply(JsonObject rule, RuleEdit change)
    {
        if (change.Traffic is { } traffic)
        {
            rule["exposition"] = traffic;
        }

        if (change.Weights is not { } weights || weights.Values.Sum() is not (> 0 and var total))
        {
            return;
        }

        var shares = Objects(rule, "variationByExposition").ToList();
        foreach (var share in shares)
        {
            share["exposition"] = weights.GetValueOrDefault(Text(share["variationKey"])) / total;
        }
    }

    // A rule before all others. Its exposures count for the experiment that the variation belongs to.
    private static JsonObject CreateForcedRule(JsonObject flag, ForcedVariation forced, JsonObject root)
    {
        var rules = Objects(flag, "rules").ToList();
        var exposed = rules.SelectMany(rule => Objects(rule, "variationByExposition"), (rule, share) => (rule, share))
            .FirstOrDefault(pair => Text(pair.share["variationKey"]).Is(forced.Variation));
        var id = StableId.Of($"forced/{Text(flag["featureKey"])}/{forced.Visitor}/{forced.Variation}");
        return new JsonObject
        {
            ["id"] = id,
            ["type"] = Text((exposed.rule ?? rules.FirstOrDefault())?["type"]) is { Length: > 0 } type ? type : "EXPERIMENTATION",
            ["segmentId"] = forced.Visitor is { } visitor ? AddVisitorSegment(visitor, id, root) : null,
            ["exposition"] = 1,
            ["experimentId"] = (exposed.rule ?? rules.FirstOrDefault())?["experimentId"]?.DeepClone() ?? 0,
            ["respoolTime"] = null,
            ["variationByExposition"] = new JsonArray(new JsonObject
            {
                ["variationKey"] = forced.Variation,
                ["variationId"] = exposed.share?["variationId"]?.DeepClone(),
                ["exposition"] = 1,
            }),
        };
    }

    private static long AddVisitorSegment(string visitor, long id, JsonObject root)
    {
        if (root["segments"] is not JsonArray segments)
        {
            root["segments"] = segments = [];
        }

        segments.Add((JsonNode)new JsonObject
        {
            ["id"] = id,
            ["conditionsData"] = new JsonObject
            {
                ["firstLevelOrOperators"] = new JsonArray(),
                ["firstLevel"] = new JsonArray(new JsonObject
                {
                    ["orOperators"] = new JsonArray(),
                    ["conditions"] = new JsonArray(new JsonObject
                    {
                        ["targetingType"] = "VISITOR_CODE",
                        ["isInclude"] = true,
                        ["matchType"] = "EXACT",
                        ["visitorCode"] = visitor,
                    }),
                }),
            },
        });
        return id;
    }

    private static IEnumerable<JsonObject> Objects(JsonObject owner, string name) =>
        (owner[name] as JsonArray ?? []).OfType<JsonObject>();

    private static string Text(JsonNode? node) => node is JsonValue value
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()
        : "";
}
