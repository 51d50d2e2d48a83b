using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Writes a project as the data file that SDKs read.</summary>
internal static class DataFileWriter
{
    internal static byte[] Write(Project project, string environment, DateTimeOffset modified)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("dateModified", modified.ToUnixTimeMilliseconds());
            Configuration(json, project.Site);
            List(json, "customData", project.CustomData, CustomData);
            if (project.Holdout is { } holdout)
            {
                Holdout(json, holdout);
            }

            List(json, "featureFlags", project.Flags, (json, flag) => Flag(json, flag, project, environment));
            List(json, "segments", project.Segments, Segment);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Configuration(Utf8JsonWriter json, ProjectSite site)
    {
        json.WriteStartObject("configuration");
        json.WriteString("consentType", site.ConsentRequired ? "REQUIRED" : "NOT_REQUIRED");
        json.WriteString("consentOptOutBehavior", site.FullyBlock ? "FULLY_BLOCK" : "PARTIALLY_BLOCK");
        json.WriteBoolean("realTimeUpdate", site.RealTimeUpdate);
        if (site.DataDomain is { } domain)
        {
            json.WriteString("dataApiDomain", domain);
        }

        json.WriteEndObject();
    }

    private static void CustomData(Utf8JsonWriter json, ProjectCustomData slot)
    {
        json.WriteNumber("id", slot.Id);
        json.WriteNumber("index", slot.Index);
        json.WriteString("name", slot.Name);
        json.WriteBoolean("localOnly", slot.LocalOnly);
        json.WriteString("scope", slot.Scope);
        json.WriteBoolean("isMappingIdentifier", slot.Mapping);
    }

    private static void Holdout(Utf8JsonWriter json, ProjectHoldout holdout)
    {
        json.WriteStartObject("holdout");
        json.WriteNumber("experimentId", holdout.ExperimentId);
        List(json, "variationByExposition",
            new ProjectShare[]
            {
                new("in-holdout", holdout.InId, holdout.Share), new("not-in-holdout", holdout.OutId, 1 - holdout.Share),
            },
            Share);
        json.WriteEndObject();
    }

    private static void Flag(Utf8JsonWriter json, ProjectFlag flag, Project project, string environment)
    {
        json.WriteNumber("id", flag.Id);
        json.WriteString("featureKey", flag.Key);
        json.WriteBoolean("environmentEnabled", flag.IsOn(environment));
        json.WriteString("defaultVariationKey", flag.Default);
        json.WriteString("mutuallyExclusiveGroup", flag.Group);
        json.WritePropertyName("bucketingCustomDataId");
        Number(json, project.CustomData.FirstOrDefault(slot => slot.Name.Is(flag.BucketBy))?.Id);
        List(json, "variations", flag.Variations, Variation);
        List(json, "rules", flag.Rules.Index(), Rule);
    }

    private static void Variation(Utf8JsonWriter json, ProjectVariation variation)
    {
        json.WriteString("key", variation.Key);
        json.WriteString("name", variation.Name);
        List(json, "variables", variation.Variables, (json, variable) =>
        {
            json.WriteString("key", variable.Key);
            json.WriteString("type", variable.Type);
            Value(json, "value", variable.Value);
        });
    }

    private static void Rule(Utf8JsonWriter json, (int Order, ProjectRule Rule) entry)
    {
        var (order, rule) = entry;
        json.WriteNumber("id", rule.Id);
        json.WriteNumber("order", order); // The PHP SDK reads it without a check.
        json.WriteString("type", rule.Delivery ? "TARGETED_DELIVERY" : "EXPERIMENTATION");
        json.WritePropertyName("segmentId");
        Number(json, rule.SegmentId);
        json.WriteNumber("exposition", rule.Traffic);
        json.WriteNumber("experimentId", rule.ExperimentId);
        json.WritePropertyName("respoolTime");
        Number(json, rule.RespoolTime);
        List(json, "variationByExposition", rule.Shares, Share);
    }

    private static void Share(Utf8JsonWriter json, ProjectShare share)
    {
        json.WriteString("variationKey", share.VariationKey);
        json.WritePropertyName("variationId");
        Number(json, share.VariationId);
        json.WriteNumber("exposition", share.Share);
    }

    private static void Segment(Utf8JsonWriter json, ProjectSegment segment)
    {
        json.WriteNumber("id", segment.Id);
        json.WriteBoolean("audienceTracking", segment.Audience);
        json.WriteStartObject("conditionsData");
        Operators(json, "firstLevelOrOperators", segment.Groups.Count, segment.AnyGroup);
        List(json, "firstLevel", segment.Groups, (json, group) =>
        {
            Operators(json, "orOperators", group.Count, !segment.AnyGroup);
            List(json, "conditions", group, (json, condition) =>
            {
                foreach (var (name, value) in condition.Members)
                {
                    Value(json, name, value);
                }
            });
        });
        json.WriteEndObject();
    }

    private static void Operators(Utf8JsonWriter json, string name, int items, bool or)
    {
        json.WriteStartArray(name);
        for (var i = 1; i < items; i++)
        {
            json.WriteBooleanValue(or);
        }

        json.WriteEndArray();
    }

    private static void Value(Utf8JsonWriter json, string name, object value)
    {
        json.WritePropertyName(name);
        switch (value)
        {
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case SourceNode node:
                node.WriteTo(json);
                break;
            default:
                json.WriteStringValue((string)value);
                break;
        }
    }

    private static void Number(Utf8JsonWriter json, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumberValue(known);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
