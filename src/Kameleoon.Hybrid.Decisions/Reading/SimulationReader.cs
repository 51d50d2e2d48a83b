using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the simulation cookie, a JSON object such as <c>{"flag key": {"expId": 1, "varId": 2}}</c>.</summary>
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
