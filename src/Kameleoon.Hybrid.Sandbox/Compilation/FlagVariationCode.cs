using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>JavaScript and CSS from the variables of flags, by experiment and variation.</summary>
/// <remarks>The platform puts it into the engine's file; a tracking code then asks the engine to run it.</remarks>
internal sealed class FlagVariationCode
{
    private readonly Dictionary<(long Experiment, long Variation), (string? Js, string? Css)> _code = [];

    /// <summary>Reads a data file that is known to be one.</summary>
    internal static FlagVariationCode Of(byte[] dataFile)
    {
        var code = new FlagVariationCode();
        using var document = JsonDocument.Parse(dataFile);
        foreach (var flag in Items(document.RootElement, "featureFlags"))
        {
            var variations = Items(flag, "variations").ToLookup(one => Text(one, "key"), StringComparer.Ordinal);
            foreach (var rule in Items(flag, "rules"))
            {
                foreach (var share in Items(rule, "variationByExposition"))
                {
                    if (FlagView.Id(rule, "experimentId") is { } experiment && FlagView.Id(share, "variationId") is { } variation)
                    {
                        var owner = variations[Text(share, "variationKey")].FirstOrDefault();
                        code._code.TryAdd((experiment, variation), (Join(owner, "JS"), Join(owner, "CSS")));
                    }
                }
            }
        }

        return code;
    }

    internal EngineExperiment Into(EngineExperiment experiment) => experiment with
    {
        Variations =
        [
            .. experiment.Variations.Select(variation =>
                _code.TryGetValue((experiment.Id, variation.Id), out var code)
                    ? variation with { Js = code.Js is null ? null : new EngineScript(code.Js), Css = code.Css }
                    : variation),
        ],
    };

    private static string? Join(JsonElement variation, string type)
    {
        string[] texts =
        [
            .. Items(variation, "variables").Where(one => Text(one, "type").Is(type)).Select(one => Text(one, "value")),
        ];
        return texts.Length == 0 ? null : string.Join('\n', texts);
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object
        && owner.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static string Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "";
}
