using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the fields of conditions by the name the data file gives them.</summary>
internal static class ConditionFieldReader
{
    private static readonly FrozenDictionary<string, FieldReading> Readings =
        new Dictionary<string, FieldReading>(StringComparer.Ordinal)
        {
            ["isInclude"] = (ref fields, ref json) => fields.IsInclude = json.Boolean(),
            ["customDataIndex"] = (ref fields, ref json) => fields.CustomDataIndex = IndexText(ref json),
            ["valueMatchType"] = (ref fields, ref json) => fields.ValueMatchType = json.Text(),
            ["value"] = (ref fields, ref json) => fields.Value = json.Text(),
            ["range"] = (ref fields, ref json) => fields.Range = Numbers(ref json),
            ["name"] = (ref fields, ref json) => fields.Name = json.Text(),
            ["nameMatchType"] = (ref fields, ref json) => fields.NameMatchType = json.Text(),
            ["matchType"] = (ref fields, ref json) => fields.MatchType = json.Text(),
            ["url"] = (ref fields, ref json) => fields.Url = json.Text(),
            ["title"] = (ref fields, ref json) => fields.Title = json.Text(),
            ["visitorCode"] = (ref fields, ref json) => fields.VisitorCode = json.Text(),
            ["pageCount"] = (ref fields, ref json) => fields.PageCount = json.Int64(),
            ["device"] = (ref fields, ref json) => fields.Device = json.Text(),
            ["browser"] = (ref fields, ref json) => fields.Browser = json.Text(),
            ["os"] = (ref fields, ref json) => fields.Os = json.Text(),
            ["version"] = (ref fields, ref json) => fields.Version = json.Text(),
            ["versionMatchType"] = (ref fields, ref json) => fields.VersionMatchType = json.Text(),
            ["sdkLanguage"] = (ref fields, ref json) => fields.SdkLanguage = json.Text(),
            ["country"] = (ref fields, ref json) => fields.Country = json.Text(),
            ["region"] = (ref fields, ref json) => fields.Region = json.Text(),
            ["city"] = (ref fields, ref json) => fields.City = json.Text(),
            ["segmentId"] = (ref fields, ref json) => fields.SegmentId = json.Int64(),
            ["featureFlagId"] = (ref fields, ref json) => fields.FeatureFlagId = json.Int64(),
            ["ruleId"] = (ref fields, ref json) => fields.RuleId = json.Int64(),
            ["variationKey"] = (ref fields, ref json) => fields.VariationKey = json.Text(),
            ["experimentId"] = (ref fields, ref json) => fields.ExperimentId = json.Int64(),
            ["variationId"] = (ref fields, ref json) => fields.VariationId = json.Int64(),
            ["variationMatchType"] = (ref fields, ref json) => fields.VariationMatchType = json.Text(),
            ["personalizationId"] = (ref fields, ref json) => fields.PersonalizationId = json.Int64(),
            ["campaignType"] = (ref fields, ref json) => fields.CampaignType = json.Text(),
            ["goalId"] = (ref fields, ref json) => fields.GoalId = json.Int64(),
            ["keyMomentId"] = (ref fields, ref json) => fields.KeyMomentId = json.Int64(),
            ["lowerBound"] = (ref fields, ref json) => fields.LowerBound = json.Number(),
            ["upperBound"] = (ref fields, ref json) => fields.UpperBound = json.Number(),
            ["visitorType"] = (ref fields, ref json) => fields.VisitorType = json.Text(),
            ["visitCount"] = (ref fields, ref json) => fields.VisitCount = json.Int64(),
            ["visitScope"] = (ref fields, ref json) => fields.VisitScope = json.Text(),
            ["countInMillis"] = (ref fields, ref json) => fields.CountInMillis = json.Int64(),
            ["count"] = (ref fields, ref json) => fields.Count = json.Number(),
            ["unitOfTime"] = (ref fields, ref json) => fields.UnitOfTime = json.Text(),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private delegate void FieldReading(ref ConditionFields fields, ref JsonCursor json);

    /// <summary>Reads the member the reader stands on.</summary>
    internal static void Read(ref ConditionFields fields, ref JsonCursor json)
    {
        if (json.Is("isInclude"u8))
        {
            fields.IsInclude = json.Boolean();
        }
        else if (json.Is("id"u8) || json.Is("weight"u8))
        {
            json.Ignore();
        }
        else if (Readings.TryGetValue(json.Name(), out var read))
        {
            read(ref fields, ref json);
        }
        else
        {
            json.Ignore();
        }
    }

    private static string? IndexText(ref JsonCursor json) => json.Pass(out var raw) switch
    {
        JsonTokenType.Number => Encoding.UTF8.GetString(raw),
        JsonTokenType.String => json.TextOrNullHere(),
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
            numbers.Add(json.NumberHere());
        }

        return [.. numbers];
    }
}
