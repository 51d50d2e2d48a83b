using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads what a browser wants to see: <c>{"flag key": {"expId": 1, "varId": 2}}</c>.</summary>
internal static class SimulationReader
{
    internal static Simulation Read(string json, DataFile dataFile)
    {
        var simulated = new Dictionary<string, SimulatedVariation>(StringComparer.Ordinal);
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
                if (Find(dataFile.FindFlag(entry.Name), entry.Value) is { } found)
                {
                    simulated[entry.Name] = found;
                }
                else
                {
                    problems.Add($"The simulation of flag {entry.Name} names nothing that the data file has.");
                }
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // The last two stand for halves of surrogate pairs, in the text and in its escapes.
            return new Simulation([], ["The simulation is not JSON."]);
        }

        return new Simulation(simulated, problems);
    }

    private static SimulatedVariation? Find(FeatureFlag? flag, JsonElement entry)
    {
        if (flag is null || Id(entry, "expId") is not { } experimentId)
        {
            return null;
        }

        if (experimentId == 0)
        {
            return new SimulatedVariation(Variation: null, Rule: null);
        }

        var rule = flag.RuleTable.FirstOrDefault(rule => rule.ExperimentId == experimentId);
        return Id(entry, "varId") is { } variationId
            && rule?.Exposed.FirstOrDefault(exposed => exposed.Variation.Id == variationId).Variation is { } variation
                ? new SimulatedVariation(variation.As(DecisionReason.Simulated), rule)
                : null;
    }

    private static long? Id(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var id)
        && id >= 0 ? id : null;
}
