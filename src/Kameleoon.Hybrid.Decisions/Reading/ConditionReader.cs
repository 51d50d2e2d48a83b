using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads one condition. What browsers alone understand may have any shape.</summary>
internal sealed class ConditionReader(TargetingCatalogue catalogue)
{
    private readonly ConditionDocument _document = new();

    /// <returns>The condition, or null for null.</returns>
    internal Condition? Read(ref JsonCursor json)
    {
        if (json.Kind == JsonTokenType.Null)
        {
            return null;
        }

        if (json.Kind != JsonTokenType.StartObject)
        {
            throw new InvalidOperationException("A condition must be an object.");
        }

        _document.TargetingType = null;
        _document.Fields = default;
        var start = json;
        if (StartsWithKnownType(ref json))
        {
            ReadFields(ref json);
        }
        else
        {
            json = start;
            if (Probe(ref json))
            {
                json = start;
                _document.Fields = default;
                ReadFields(ref json);
            }
        }

        return ConditionTypes.Compile(_document, catalogue);
    }

    /// <summary>Whether the first member, as in nearly all files, is a type that servers know.</summary>
    private bool StartsWithKnownType(ref JsonCursor json)
    {
        if (!json.NextMember() || !json.Is("targetingType"u8) || json.Pass(out _) != JsonTokenType.String)
        {
            return false;
        }

        _document.TargetingType = json.TextHere();
        return ConditionTypes.IsKnown(_document.TargetingType);
    }

    /// <summary>Passes over the condition and finds out whether servers know its type.</summary>
    private bool Probe(ref JsonCursor json)
    {
        while (json.NextMember())
        {
            var isType = json.Is("targetingType"u8);
            var isInversion = json.Is("isInclude"u8);
            var kind = json.Pass(out _);
            if (isType)
            {
                _document.TargetingType = kind == JsonTokenType.String ? json.TextHere() : null;
            }
            else if (isInversion)
            {
                _document.Fields.IsInclude = kind == JsonTokenType.False ? false : null;
            }
        }

        return ConditionTypes.IsKnown(_document.TargetingType);
    }

    private void ReadFields(ref JsonCursor json)
    {
        while (json.NextMember())
        {
            if (json.Is("targetingType"u8))
            {
                _document.TargetingType = json.Pass(out _) == JsonTokenType.String ? json.TextHere() : null;
            }
            else
            {
                ConditionFieldReader.Read(ref _document.Fields, ref json);
            }
        }
    }
}
