using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>One condition: its type and, where servers know the type, its fields.</summary>
[JsonConverter(typeof(ConditionDocumentConverter))]
internal sealed record ConditionDocument(string? TargetingType, ConditionFields Fields);

/// <summary>The fields of all types of conditions; each type reads its own.</summary>
internal sealed record ConditionFields(
    bool? IsInclude = null,
    JsonElement? CustomDataIndex = null,
    string? ValueMatchType = null,
    string? Value = null,
    List<double>? Range = null,
    string? Name = null,
    string? NameMatchType = null,
    string? MatchType = null,
    string? Url = null,
    string? Title = null,
    string? VisitorCode = null,
    long? PageCount = null,
    string? Device = null,
    string? Browser = null,
    string? Os = null,
    string? Version = null,
    string? VersionMatchType = null,
    string? SdkLanguage = null,
    string? Country = null,
    string? Region = null,
    string? City = null,
    long? SegmentId = null,
    long? FeatureFlagId = null,
    long? RuleId = null,
    string? VariationKey = null,
    long? ExperimentId = null,
    long? VariationId = null,
    string? VariationMatchType = null,
    long? PersonalizationId = null,
    string? CampaignType = null,
    long? GoalId = null,
    long? KeyMomentId = null,
    double? LowerBound = null,
    double? UpperBound = null,
    string? VisitorType = null,
    long? VisitCount = null,
    string? VisitScope = null,
    long? CountInMillis = null,
    double? Count = null,
    string? UnitOfTime = null);

/// <summary>Reads the fields of known types only: what browsers alone understand may have any shape.</summary>
internal sealed class ConditionDocumentConverter : JsonConverter<ConditionDocument>
{
    public override ConditionDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException(message: null, new InvalidOperationException("A condition must be an object."));
        }

        var probe = reader;
        var (type, isInclude) = Probe(ref probe);
        if (!ConditionTypes.IsKnown(type))
        {
            reader.Skip();
            return new ConditionDocument(type, new ConditionFields(isInclude));
        }

        try
        {
            return new ConditionDocument(
                type, JsonSerializer.Deserialize(ref reader, DataFileJson.Default.ConditionFields)!);
        }
        catch (JsonException e)
        {
            // Wrapped, so that the place of the condition is put before that of the field.
            throw new JsonException(message: null, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, ConditionDocument value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Data files are only read.");

    private static (string? Type, bool? IsInclude) Probe(ref Utf8JsonReader reader)
    {
        string? type = null;
        bool? isInclude = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("targetingType"u8);
            var isInversion = reader.ValueTextEquals("isInclude"u8);
            reader.Read();
            if (isType)
            {
                type = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
            else if (isInversion)
            {
                isInclude = reader.TokenType is JsonTokenType.False ? false : null;
            }

            reader.Skip();
        }

        return (type, isInclude);
    }
}
