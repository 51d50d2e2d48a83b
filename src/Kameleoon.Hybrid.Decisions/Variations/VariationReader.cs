using System.Runtime.InteropServices;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the variations of a flag with their variables.</summary>
/// <remarks>The input was checked by <see cref="VariationValidator"/>.</remarks>
internal sealed class VariationReader(string featureKey, VariationReaderContext source)
{
    private static readonly object True = true;
    private static readonly object False = false;

    private readonly List<Variation> _variations = [];
    private readonly List<Variable> _variables = [];

    internal KeyedMap<Variation> Read(ReadOnlySpan<byte> variations)
    {
        var json = new JsonCursor(variations, source.Texts);
        json.EnterArray();
        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                _variations.Add(ReadVariation(ref json));
            }
        }

        // Of two variations of one key the first counts; of two flags it is the later.
        return KeyedMap<Variation>.Create(
            CollectionsMarshal.AsSpan(_variations), static variation => variation.Key, laterCounts: false);
    }

    private Variation ReadVariation(ref JsonCursor json)
    {
        string? key = null;
        string? name = null;
        var variables = VariableTable.Empty;
        while (json.NextMember())
        {
            if (json.NameEquals("key"u8))
            {
                key = json.ReadText();
            }
            else if (json.NameEquals("name"u8))
            {
                name = json.ReadText();
            }
            else if (json.NameEquals("variables"u8))
            {
                variables = ReadVariables(ref json);
            }
            else
            {
                json.SkipMember();
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

        _variables.Clear();
        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                _variables.Add(ReadVariable(ref json));
            }
        }

        var variables = KeyedMap<Variable>.Create(
            CollectionsMarshal.AsSpan(_variables), static variable => variable.Key, laterCounts: true);
        return new VariableTable(variables, featureKey, source.Mismatch);
    }

    private static Variable ReadVariable(ref JsonCursor json)
    {
        string? key = null;
        string? type = null;
        object? value = null;
        ReadOnlySpan<byte> text = default;
        while (json.NextMember())
        {
            if (json.NameEquals("key"u8))
            {
                key = json.ReadText();
            }
            else if (json.NameEquals("type"u8))
            {
                type = json.ReadText();
            }
            else if (json.NameEquals("value"u8))
            {
                var kind = json.SkipValue(out var raw);
                text = kind == JsonTokenType.String ? raw : default;
                value = kind == JsonTokenType.String && type is "JSON" ? null : ValueOf(in json, kind, raw);
            }
            else
            {
                json.SkipMember();
            }
        }

        // The type may come after the value.
        return new Variable(
            key ?? "", type ?? "", type is "JSON" && !text.IsEmpty ? new LazyJson(text.ToArray()) : value);
    }

    private static object? ValueOf(ref readonly JsonCursor json, JsonTokenType kind, ReadOnlySpan<byte> raw) =>
        kind switch
        {
            JsonTokenType.True => True,
            JsonTokenType.False => False,
            JsonTokenType.Number => json.GetBoxedNumber(),
            JsonTokenType.String => json.GetTextOrNull(),
            JsonTokenType.StartObject or JsonTokenType.StartArray => new LazyJson(raw.ToArray()),
            _ => null,
        };
}
