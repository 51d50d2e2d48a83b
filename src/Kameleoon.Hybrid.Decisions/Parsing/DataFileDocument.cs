using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The JSON contract of a data file. Every member may be absent or null, which means the same.</summary>
internal sealed record DataFileDocument(
    long? DateModified,
    ConfigurationDocument? Configuration,
    List<CustomDataDocument?>? CustomData,
    HoldoutDocument? Holdout,
    List<FlagDocument?>? FeatureFlags,
    List<SegmentDocument?>? Segments);

internal sealed record ConfigurationDocument(
    bool? RealTimeUpdate,
    string? ConsentType,
    string? ConsentOptOutBehavior,
    string? DataApiDomain);

internal sealed record CustomDataDocument(
    long? Id,
    int? Index,
    string? Name,
    bool? LocalOnly,
    string? Scope,
    bool? IsMappingIdentifier);

internal sealed record HoldoutDocument(long? ExperimentId, List<ExposedDocument?>? VariationByExposition);

internal sealed record FlagDocument(
    long? Id,
    string? FeatureKey,
    bool? EnvironmentEnabled,
    string? DefaultVariationKey,
    string? MutuallyExclusiveGroup,
    long? BucketingCustomDataId,
    List<VariationDocument?>? Variations,
    List<RuleDocument?>? Rules);

internal sealed record VariationDocument(string? Key, string? Name, List<VariableDocument?>? Variables);

internal sealed record VariableDocument(string? Key, string? Type, JsonElement Value);

internal sealed record RuleDocument(
    long? Id,
    string? Type,
    long? SegmentId,
    double? Exposition,
    long? ExperimentId,
    long? RespoolTime,
    List<ExposedDocument?>? VariationByExposition);

internal sealed record ExposedDocument(string? VariationKey, long? VariationId, double? Exposition);

internal sealed record SegmentDocument(
    [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] long? Id,
    bool? AudienceTracking,
    ConditionsDocument? ConditionsData);

internal sealed record ConditionsDocument(List<ConditionGroupDocument?>? FirstLevel, List<bool>? FirstLevelOrOperators);

internal sealed record ConditionGroupDocument(List<ConditionDocument?>? Conditions, List<bool>? OrOperators);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DataFileDocument))]
[JsonSerializable(typeof(ConditionFields))]
internal sealed partial class DataFileJson : JsonSerializerContext;
