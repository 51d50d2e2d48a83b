using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the variations of a flag with their variables; <see cref="VariationCheck"/> saw them before.</summary>
internal sealed class VariationReader(string featureKey, VariationSource source)
{
    private static readonly object True = true;
    private static readonly object False = false;

    private readonly KeyedMapBuilder<Variation> _variations = new();
    private readonly KeyedMapBuilder<Variable> _variables = new();

    internal KeyedMap<Variation> Read(ReadOnlySpan<byte> variations)
    {
        var json = new JsonCursor(variations, source.Texts);
        json.EnterArray();
        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                // Unlike flags, the first of two variations of one key wins.
                var variation = ReadVariation(ref json);
                _variations.TryAdd(variation.Key, variation);
            }
        }

        return _variations.Build();
    }

    private Variation ReadVariation(ref JsonCursor json)
    {
        string? key = null;
        string? name = null;
        var variables = VariableTable.Empty;
        while (json.NextMember())
        {
            if (json.Is("key"u8))
            {
                key = json.Text();
            }
            else if (json.Is("name"u8))
            {
                name = json.Text();
            }
            else if (json.Is("variables"u8))
            {
                variables = ReadVariables(ref json);
            }
            else
            {
                json.Ignore();
            }
        }

        return new Variation(key ?? "", name ?? "", variables, DecisionReason.Default);
    }

    private VariableTable ReadVariables(ref JsonCursor json)
    {
        if (!json.EnterArray())
        {
            return VariableTable.Empty;
        }

        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                var variable = ReadVariable(ref json);
                _variables.Set(variable.Key, variable);
            }
        }

        return new VariableTable(_variables.Build(), featureKey, source.Mismatch);
    }

    private static Variable ReadVariable(ref JsonCursor json)
    {
        string? key = null;
        string? type = null;
        object? value = null;
        ReadOnlySpan<byte> text = default;
        while (json.NextMember())
        {
            if (json.Is("key"u8))
            {
                key = json.Text();
            }
            else if (json.Is("type"u8))
            {
                type = json.Text();
            }
            else if (json.Is("value"u8))
            {
                var kind = json.Pass(out var raw);
                text = kind == JsonTokenType.String ? raw : default;
                value = kind == JsonTokenType.String && type is "JSON" ? null : ValueOf(in json, kind, raw);
            }
            else
            {
                json.Ignore();
            }
        }

        // The type may stand behind the value.
        return new Variable(
            key ?? "", type ?? "", type is "JSON" && !text.IsEmpty ? new LazyJson(text.ToArray()) : value);
    }

    private static object? ValueOf(ref readonly JsonCursor json, JsonTokenType kind, ReadOnlySpan<byte> raw) =>
        kind switch
        {
            JsonTokenType.True => True,
            JsonTokenType.False => False,
            JsonTokenType.Number => json.BoxedNumberHere(),
            JsonTokenType.String => json.TextOrNullHere(),
            JsonTokenType.StartObject or JsonTokenType.StartArray => new LazyJson(raw.ToArray()),
            _ => null,
        };
}
