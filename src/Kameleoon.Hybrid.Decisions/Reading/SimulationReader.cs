using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Finds the variations to simulate: by the simulation cookie, a JSON object such as
/// <c>{"flag key": {"expId": 1, "varId": 2}}</c>, or by their keys.</summary>
internal static class SimulationReader
{
    internal static Simulation Read(string json, KeyedMap<FeatureFlag> flags)
    {
        var simulated = new Dictionary<string, Variation?>(StringComparer.Ordinal);
        var problems = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return new Simulation(simulated, ["The simulation is no JSON object."]);
            }

            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (TryFind(flags.GetValueOrDefault(entry.Name), entry.Value, out var variation))
                {
                    simulated[entry.Name] = variation;
                }
                else
                {
                    problems.Add($"The simulation of flag {entry.Name} names nothing that the data file has.");
                }
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // The last two are thrown for halves of surrogate pairs, in the text and in its escapes.
            return new Simulation([], ["The simulation is not JSON."]);
        }

        return new Simulation(simulated, problems);
    }

    internal static Simulation Choose(IEnumerable<KeyValuePair<string, string>> chosen, KeyedMap<FeatureFlag> flags)
    {
        var simulated = new Dictionary<string, Variation?>(StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var (flagKey, variationKey) in chosen)
        {
            if (flags.GetValueOrDefault(flagKey) is { } flag && TryFind(flag, variationKey, out var variation))
            {
                simulated[flagKey] = variation;
            }
            else
            {
                problems.Add($"The data file has no flag {flagKey} with variation {variationKey}.");
            }
        }

        return new Simulation(simulated, problems);
    }

    // The variation of a rule has ids. All variations of one key have the same content.
    private static bool TryFind(FeatureFlag flag, string key, out Variation? variation)
    {
        variation = null;
        if (string.Equals(key, flag.DefaultVariationKey, StringComparison.Ordinal))
        {
            return true;
        }

        variation = (flag.Rules.Select(rule => rule.Variations.GetValueOrDefault(key)).FirstOrDefault(static found => found is not null)
            ?? flag.Variations.GetValueOrDefault(key))?.WithReason(DecisionReason.Simulated);
        return variation is not null;
    }

    /// <param name="flag">The flag that the entry names, or null when the data file has none of that key.</param>
    /// <param name="entry">The ids of experiment and variation.</param>
    /// <param name="variation">The variation, or null for the flag's default variation.</param>
    /// <returns>Whether the data file has what the entry names.</returns>
    private static bool TryFind(FeatureFlag? flag, JsonElement entry, out Variation? variation)
    {
        variation = null;
        if (flag is null || Id(entry, "expId") is not { } experimentId)
        {
            return false;
        }

        if (experimentId == 0)
        {
            return true;
        }

        if (Id(entry, "varId") is not { } variationId || flag.FindRule(experimentId) is not { } rule)
        {
            return false;
        }

        variation = rule.Exposed.FirstOrDefault(exposed => exposed.Variation.Id == variationId)
            .Variation?.WithReason(DecisionReason.Simulated);
        return variation is not null;
    }

    private static long? Id(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var id)
        && id >= 0 ? id : null;
}
