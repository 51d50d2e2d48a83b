using System.Collections.Frozen;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The event types of the platform, and the fields that each of them requires.</summary>
internal static class EventTypes
{
    private static readonly FieldRule Experiment = new("id", Required: true, FieldKind.WholeNumber);
    private static readonly FieldRule Variation = new("variationId", Required: true, FieldKind.WholeNumber);

    private static readonly FrozenDictionary<string, (string Name, FieldRule[] Fields)> Types =
        new (string Name, FieldRule[] Fields)[]
        {
            ("page", [new("href", Required: true, FieldKind.Text)]),
            ("experiment", [Experiment, Variation]),
            ("personalization", [Experiment, Variation]),
            ("conversion",
            [
                new("goalId", Required: true, FieldKind.WholeNumber),
                new("revenue", Required: false, FieldKind.Amount),
                new("negative", Required: false, FieldKind.Boolean),
                new("metadata", Required: false, FieldKind.JsonObject),
            ]),
            ("customData",
            [
                new("index", Required: true, FieldKind.WholeNumber),
                new("valuesCountMap", Required: true, FieldKind.JsonObject),
                new("overwrite", Required: false, FieldKind.Boolean),
                new("mappingIdentifier", Required: false, FieldKind.Boolean),
            ]),
            ("targetingSegment", [new("id", Required: true, FieldKind.WholeNumber)]),
            ("staticData", []),
            ("activity", []),
            ("geolocation", []),
            ("adBlocker", []),
            ("weather", []),
            ("product", []),
        }.ToFrozenDictionary(type => type.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The fields that a type's figures are made of.</summary>
    internal static IReadOnlyList<FieldRule> FieldsOf(string type) => Types.TryGetValue(type, out var rule) ? rule.Fields : [];

    /// <summary>Checks the fields of a type and returns its canonical name.</summary>
    internal static string Check(string? type, Dictionary<string, string> fields, Violations violations)
    {
        if (string.IsNullOrEmpty(type))
        {
            violations.Add("eventType is missing.");
            return "unknown";
        }

        // The platform's reference writes the types in capitals, the wire in camel case.
        if (!Types.TryGetValue(type.Replace("_", "", StringComparison.Ordinal), out var rule))
        {
            violations.Add($"eventType \"{Violations.Quote(type)}\" is unknown.");
            return Violations.Quote(type);
        }

        foreach (var field in rule.Fields)
        {
            field.Check(rule.Name, fields, violations);
        }

        return rule.Name;
    }
}
