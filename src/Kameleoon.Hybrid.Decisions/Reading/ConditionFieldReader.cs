using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the fields of conditions by their names in the data file.</summary>
internal static class ConditionFieldReader
{
    private static readonly FrozenDictionary<string, FieldSetter> Setters =
        new Dictionary<string, FieldSetter>(StringComparer.Ordinal)
        {
            ["isInclude"] = (ref fields, ref json) => fields.IsInclude = json.ReadBoolean(),
            ["customDataIndex"] = (ref fields, ref json) => fields.CustomDataIndex = IndexText(ref json),
            ["valueMatchType"] = (ref fields, ref json) => fields.ValueMatchType = json.ReadText(),
            ["value"] = (ref fields, ref json) => fields.Value = json.ReadText(),
            ["range"] = (ref fields, ref json) => fields.Range = Numbers(ref json),
            ["name"] = (ref fields, ref json) => fields.Name = json.ReadText(),
            ["nameMatchType"] = (ref fields, ref json) => fields.NameMatchType = json.ReadText(),
            ["matchType"] = (ref fields, ref json) => fields.MatchType = json.ReadText(),
            ["url"] = (ref fields, ref json) => fields.Url = json.ReadText(),
            ["title"] = (ref fields, ref json) => fields.Title = json.ReadText(),
            ["visitorCode"] = (ref fields, ref json) => fields.VisitorCode = json.ReadText(),
            ["pageCount"] = (ref fields, ref json) => fields.PageCount = json.ReadInt64(),
            ["device"] = (ref fields, ref json) => fields.Device = json.ReadText(),
            ["browser"] = (ref fields, ref json) => fields.Browser = json.ReadText(),
            ["os"] = (ref fields, ref json) => fields.Os = json.ReadText(),
            ["version"] = (ref fields, ref json) => fields.Version = json.ReadText(),
            ["versionMatchType"] = (ref fields, ref json) => fields.VersionMatchType = json.ReadText(),
            ["sdkLanguage"] = (ref fields, ref json) => fields.SdkLanguage = json.ReadText(),
            ["country"] = (ref fields, ref json) => fields.Country = json.ReadText(),
            ["region"] = (ref fields, ref json) => fields.Region = json.ReadText(),
            ["city"] = (ref fields, ref json) => fields.City = json.ReadText(),
            ["segmentId"] = (ref fields, ref json) => fields.SegmentId = json.ReadInt64(),
            ["featureFlagId"] = (ref fields, ref json) => fields.FeatureFlagId = json.ReadInt64(),
            ["ruleId"] = (ref fields, ref json) => fields.RuleId = json.ReadInt64(),
            ["variationKey"] = (ref fields, ref json) => fields.VariationKey = json.ReadText(),
            ["experimentId"] = (ref fields, ref json) => fields.ExperimentId = json.ReadInt64(),
            ["variationId"] = (ref fields, ref json) => fields.VariationId = json.ReadInt64(),
            ["variationMatchType"] = (ref fields, ref json) => fields.VariationMatchType = json.ReadText(),
            ["personalizationId"] = (ref fields, ref json) => fields.PersonalizationId = json.ReadInt64(),
            ["campaignType"] = (ref fields, ref json) => fields.CampaignType = json.ReadText(),
            ["goalId"] = (ref fields, ref json) => fields.GoalId = json.ReadInt64(),
            ["keyMomentId"] = (ref fields, ref json) => fields.KeyMomentId = json.ReadInt64(),
            ["lowerBound"] = (ref fields, ref json) => fields.LowerBound = json.ReadNumber(),
            ["upperBound"] = (ref fields, ref json) => fields.UpperBound = json.ReadNumber(),
            ["visitorType"] = (ref fields, ref json) => fields.VisitorType = json.ReadText(),
            ["visitCount"] = (ref fields, ref json) => fields.VisitCount = json.ReadInt64(),
            ["visitScope"] = (ref fields, ref json) => fields.VisitScope = json.ReadText(),
            ["countInMillis"] = (ref fields, ref json) => fields.CountInMillis = json.ReadInt64(),
            ["count"] = (ref fields, ref json) => fields.Count = json.ReadNumber(),
            ["unitOfTime"] = (ref fields, ref json) => fields.UnitOfTime = json.ReadText(),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private delegate void FieldSetter(ref ConditionFields fields, ref JsonCursor json);

    /// <summary>Reads the current member.</summary>
    internal static void Read(ref ConditionFields fields, ref JsonCursor json)
    {
        if (json.NameEquals("isInclude"u8))
        {
            fields.IsInclude = json.ReadBoolean();
        }
        else if (json.NameEquals("id"u8) || json.NameEquals("weight"u8))
        {
            json.SkipMember();
        }
        else if (Setters.TryGetValue(json.GetName(), out var read))
        {
            read(ref fields, ref json);
        }
        else
        {
            json.SkipMember();
        }
    }

    private static string? IndexText(ref JsonCursor json) => json.SkipValue(out var raw) switch
    {
        JsonTokenType.Number => Encoding.UTF8.GetString(raw),
        JsonTokenType.String => json.GetTextOrNull(),
        _ => null,
    };

    private static double[]? Numbers(ref JsonCursor json)
    {
        if (!json.EnterArray())
        {
            return null;
        }

        var numbers = new List<double>();
        while (json.NextElement())
        {
            numbers.Add(json.GetNumber());
        }

        return [.. numbers];
    }
}
