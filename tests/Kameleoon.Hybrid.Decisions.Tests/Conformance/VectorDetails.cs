using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>What a vector file says about hashes and variations, apart from any visitor.</summary>
internal sealed class VectorDetails(string name, JsonElement file, DataFile dataFile, VectorScore score)
{
    internal void Compare()
    {
        CompareHashes();
        CompareVariations();
    }

    private void CompareHashes()
    {
        foreach (var entry in file.Items("hashes"))
        {
            var hasTime = entry.TryGetProperty("respoolTime", out var time) && time.ValueKind == JsonValueKind.Number;
            var suffix = entry.Text("name") is { } group
                ? HashSuffix.OfName(group)
                : HashSuffix.OfId(entry.GetProperty("id").GetInt64(), hasTime ? time.GetInt64() : null);
            var code = entry.Text("code")!;
            score.Other(
                $"{name}, hash of {code} for {entry.Text("kind")}",
                entry.GetProperty("hash").GetDouble().ToString("R", CultureInfo.InvariantCulture),
                suffix.Hash(code).ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private void CompareVariations()
    {
        foreach (var flag in file.Members("variationDetails"))
        {
            foreach (var expected in flag.Value.EnumerateObject())
            {
                var where = $"{name}, flag {flag.Name}, variation {expected.Name}";
                var variation = dataFile.FindFlag(flag.Name)?.Variations.GetValueOrDefault(expected.Name);
                score.Other(where, expected.Value.Text("name")!, variation?.Name ?? "");
                foreach (var variable in expected.Value.Members("variables"))
                {
                    var actual = variation?.Variables.GetValueOrDefault(variable.Name);
                    var same = JsonElement.DeepEquals(
                        variable.Value.GetProperty("value"), JsonSerializer.SerializeToElement(actual?.Value));
                    score.Other(
                        $"{where}, variable {variable.Name}",
                        $"{variable.Value.Text("type")} {variable.Value.GetProperty("value")}",
                        $"{actual?.Type} {(same ? variable.Value.GetProperty("value") : actual?.Value)}");
                }

                score.Other(
                    $"{where}, number of variables",
                    $"{expected.Value.Members("variables").Count()}",
                    $"{variation?.Variables.Count}");
            }
        }
    }
}
