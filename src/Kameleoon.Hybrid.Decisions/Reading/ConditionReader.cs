using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads one condition of a segment.</summary>
/// <remarks>A condition of a type that servers do not support may have any shape, and is skipped.</remarks>
internal sealed class ConditionReader(TargetingCatalogue catalogue)
{
    private readonly ConditionSource _document = new();

    /// <summary>Reads the condition at the current position.</summary>
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
        if (StartsWithSupportedType(ref json))
        {
            ReadFields(ref json);
        }
        else
        {
            json = start;
            if (SkipAndFindType(ref json))
            {
                json = start;
                _document.Fields = default;
                ReadFields(ref json);
            }
        }

        return ConditionFactory.Create(_document, catalogue);
    }

    /// <summary>Whether the first member is a supported type, as in nearly all data files.</summary>
    private bool StartsWithSupportedType(ref JsonCursor json)
    {
        if (!json.NextMember() || !json.NameEquals("targetingType"u8) || json.SkipValue(out _) != JsonTokenType.String)
        {
            return false;
        }

        _document.TargetingType = json.GetText();
        return ConditionFactory.IsSupported(_document.TargetingType);
    }

    /// <summary>Skips the condition and returns whether its type is supported.</summary>
    private bool SkipAndFindType(ref JsonCursor json)
    {
        while (json.NextMember())
        {
            var isType = json.NameEquals("targetingType"u8);
            var isInclude = json.NameEquals("isInclude"u8);
            var kind = json.SkipValue(out _);
            if (isType)
            {
                _document.TargetingType = kind == JsonTokenType.String ? json.GetText() : null;
            }
            else if (isInclude)
            {
                _document.Fields.IsInclude = kind == JsonTokenType.False ? false : null;
            }
        }

        return ConditionFactory.IsSupported(_document.TargetingType);
    }

    private void ReadFields(ref JsonCursor json)
    {
        while (json.NextMember())
        {
            if (json.NameEquals("targetingType"u8))
            {
                _document.TargetingType = json.SkipValue(out _) == JsonTokenType.String ? json.GetText() : null;
            }
            else
            {
                ConditionFieldReader.Read(ref _document.Fields, ref json);
            }
        }
    }
}
