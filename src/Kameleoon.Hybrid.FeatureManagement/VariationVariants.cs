using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.FeatureManagement;

namespace Kameleoon.Hybrid.FeatureManagement;

/// <summary>Creates the variant of a variation once: its name is the variation's key, and its configuration has the
/// variables.</summary>
internal static class VariationVariants
{
    // A data file creates each variation once, so variants live as long as their data file.
    private static readonly ConditionalWeakTable<Variation, Variant> Created = [];

    internal static Variant Of(Variation variation, string feature) =>
        Created.TryGetValue(variation, out var known) ? known : Created.GetValue(variation, made => Create(made, feature));

    private static Variant Create(Variation variation, string feature)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, variable) in variation.Variables)
        {
            Add(values, ConfigurationPath.Combine(feature, key), variable.Value);
        }

        return new Variant
        {
            Name = variation.Key,
            Configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection(feature),
        };
    }

    private static void Add(Dictionary<string, string?> values, string path, object? value)
    {
        if (value is JsonElement json)
        {
            Add(values, path, json);
        }
        else
        {
            values[path] = Convert.ToString(value, CultureInfo.InvariantCulture);
        }
    }

    private static void Add(Dictionary<string, string?> values, string path, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    if (TextOf(member, static named => named.Name) is { } name)
                    {
                        Add(values, ConfigurationPath.Combine(path, name), member.Value);
                    }
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var element in json.EnumerateArray())
                {
                    Add(values, ConfigurationPath.Combine(path, index.ToString(CultureInfo.InvariantCulture)), element);
                    index++;
                }

                break;
            default:
                values[path] = json.ValueKind == JsonValueKind.Null ? null : TextOf(json, static value => value.ToString());
                break;
        }
    }

    // Null for an escape of half a surrogate pair, which JSON allows and .NET does not.
    private static string? TextOf<T>(T json, Func<T, string> read)
    {
        try
        {
            return read(json);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
