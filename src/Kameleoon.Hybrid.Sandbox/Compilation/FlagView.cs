using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>A flag as the live page shows and edits it.</summary>
internal sealed record FlagView(
    string Key,
    bool Enabled,
    string Default,
    IReadOnlyList<VariationView> Variations,
    IReadOnlyList<RuleView> Rules,
    FlagEdit? Edit)
{
    /// <summary>The group of flags of which a visitor gets one, or null.</summary>
    internal string? Group { get; init; }

    /// <summary>Reads the flags of a data file that is known to be one.</summary>
    internal static IReadOnlyList<FlagView> Of(byte[] dataFile, IReadOnlyDictionary<string, FlagEdit> edits)
    {
        // What is forced on some visitors is no share of the others.
        var unforced = edits.ToDictionary(
            edit => edit.Key, edit => edit.Value with { Forced = null }, StringComparer.Ordinal);
        using var document = JsonDocument.Parse(FlagEdits.Apply(dataFile, unforced, DateTimeOffset.UnixEpoch));
        return
        [
            .. Items(document.RootElement, "featureFlags").Select(flag => new FlagView(
                Text(flag, "featureKey"),
                flag.TryGetProperty("environmentEnabled", out var on) && on.ValueKind == JsonValueKind.True,
                Text(flag, "defaultVariationKey"),
                [.. Items(flag, "variations").Select(one => new VariationView(Text(one, "key"), Text(one, "name")))],
                [.. Items(flag, "rules").Select(RuleOf)],
                edits.GetValueOrDefault(Text(flag, "featureKey")))
            {
                Group = Text(flag, "mutuallyExclusiveGroup") is { Length: > 0 } group ? group : null,
            }),
        ];
    }

    private static RuleView RuleOf(JsonElement rule) => new(
        Text(rule, "id"),
        Id(rule, "experimentId") ?? 0,
        Text(rule, "type") is "TARGETED_DELIVERY",
        Id(rule, "segmentId"),
        Number(rule, "exposition"),
        SharesOf(rule));

    internal static IReadOnlyList<ShareView> SharesOf(JsonElement rule) =>
    [
        .. Items(rule, "variationByExposition").Select(share =>
            new ShareView(Text(share, "variationKey"), Id(share, "variationId"), Number(share, "exposition"))),
    ];

    private static JsonElement.ArrayEnumerator Items(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static string Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "";

    internal static long? Id(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var id)
            ? id
            : null;

    private static double Number(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
}

/// <summary>A variation of a flag.</summary>
internal sealed record VariationView(string Key, string Name);

/// <summary>A rule of a flag; traffic and shares from 0 to 1.</summary>
internal sealed record RuleView(
    string Id, long ExperimentId, bool IsDelivery, long? SegmentId, double Traffic, IReadOnlyList<ShareView> Shares);

/// <summary>The part of a rule's traffic that a variation gets.</summary>
internal sealed record ShareView(string Key, long? VariationId, double Share);
