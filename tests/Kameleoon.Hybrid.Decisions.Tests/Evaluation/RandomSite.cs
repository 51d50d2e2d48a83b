using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>Sites and visitors nobody would think of.</summary>
internal static class RandomSite
{
    private static readonly Gen<double> Share = Gen.Elements(0, 0.05, 0.3, 0.5, 0.7, 1);

    private static readonly Gen<string> Condition = Gen.Elements(
        """{ "targetingType": "DEVICE_TYPE", "device": "PHONE" }""",
        """{ "targetingType": "DEVICE_TYPE", "device": "PHONE", "isInclude": false }""",
        """{ "targetingType": "CUSTOM_DATUM", "customDataIndex": "0", "valueMatchType": "CONTAINS", "value": "a" }""",
        """{ "targetingType": "VISITOR_CODE", "matchType": "REGULAR_EXPRESSION", "visitorCode": "[0-4]$" }""",
        """{ "targetingType": "EXCLUSIVE_EXPERIMENT", "campaignType": "ANY" }""",
        """{ "targetingType": "SEGMENT", "segmentId": 1 }""",
        """{ "targetingType": "SEGMENT", "segmentId": 2, "isInclude": false }""",
        """{ "targetingType": "SEGMENT", "segmentId": 3 }""",
        """{ "targetingType": "WEATHER" }""",
        """{ "targetingType": "TARGET_EXPERIMENT", "experimentId": 1010, "variationMatchType": "ANY" }""");

    private static readonly Gen<string> Segments =
        from conditions in Condition.ListOf(6)
        from or in Gen.Elements("true", "false").ListOf(6)
        select string.Join(',', Enumerable.Range(0, 3).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            { "id": {{i + 1}}, "conditionsData": { "firstLevel": [{ "orOperators": [{{or[2 * i]}}, {{or[(2 * i) + 1]}}],
              "conditions": [{{conditions[2 * i]}}, {{conditions[(2 * i) + 1]}}] }] } }
            """)));

    private static readonly Gen<string> Rule =
        from id in Gen.Choose(1, 9999)
        from type in Gen.Elements("EXPERIMENTATION", "EXPERIMENTATION", "TARGETED_DELIVERY", "NEWER")
        from segment in Gen.Elements("null", "null", "1", "2", "3", "99")
        from exposition in Share
        from respool in Gen.Elements("null", "0", "1700000000")
        from shares in Share.Three()
        select string.Create(CultureInfo.InvariantCulture, $$"""
            { "id": {{id}}, "type": "{{type}}", "segmentId": {{segment}}, "exposition": {{exposition}}, "experimentId": {{id + 10000}},
              "respoolTime": {{respool}}, "variationByExposition": [
              { "variationKey": "on", "variationId": {{(3 * id) + 1}}, "exposition": {{shares.Item1}} },
              { "variationKey": "off", "variationId": {{(3 * id) + 2}}, "exposition": {{shares.Item2}} },
              { "variationKey": "unknown", "variationId": null, "exposition": {{shares.Item3}} }] }
            """);

    internal static Gen<DataFile> DataFiles { get; } = DataFilesOf(5);

    internal static Gen<TestVisitor> Visitors { get; } =
        from code in Gen.Choose(0, int.MaxValue)
        from consent in Gen.Elements(Enum.GetValues<Consent>())
        from device in Gen.Elements<DeviceType?>(null, DeviceType.Phone, DeviceType.Desktop)
        from custom in Gen.Elements<string[]?>(null, [], ["a"], ["b", "a"], [""])
        from mapping in Gen.Elements(null, "person")
        select Visitor(code.ToString(CultureInfo.InvariantCulture), consent, device, custom, mapping);

    internal static Gen<DataFile> DataFilesOf(int count) => JsonOf(count).Select(TestSite.Parse);

    internal static Gen<string> JsonOf(int count) =>
        from flags in (
            from enabled in Gen.Elements("true", "true", "true", "false")
            from @group in Gen.Elements("null", "\"g\"", "\"h\"")
            from bucketing in Gen.Elements("null", "9")
            from rules in Gen.Choose(0, 3).SelectMany(count => Rule.ListOf(count))
            select (enabled, @group, bucketing, rules: string.Join(',', rules))).ListOf(count)
        from segments in Segments
        from held in Share
        from consent in Gen.Elements("NOT_REQUIRED", "REQUIRED")
        from behaviour in Gen.Elements("PARTIALLY_BLOCK", "FULLY_BLOCK")
        from holdout in Gen.Elements("holdout", "ignored")
        select string.Create(CultureInfo.InvariantCulture, $$"""
            { "configuration": { "consentType": "{{consent}}", "consentOptOutBehavior": "{{behaviour}}" },
              "customData": [{ "id": 9, "index": 0 }],
              "{{holdout}}": { "experimentId": 5, "variationByExposition": [
                { "variationKey": "in-holdout", "variationId": 6, "exposition": {{held}} },
                { "variationKey": "free", "variationId": 7, "exposition": 1 }] },
              "segments": [{{segments}}],
              "featureFlags": [{{string.Join(',', flags.Select((flag, i) => string.Create(
                  CultureInfo.InvariantCulture,
                  $$"""
                  { "id": {{100 - i}}, "featureKey": "flag{{i}}", "environmentEnabled": {{flag.enabled}}, "defaultVariationKey": "off",
                    "mutuallyExclusiveGroup": {{flag.group}}, "bucketingCustomDataId": {{flag.bucketing}},
                    "variations": [{ "key": "off" }, { "key": "on" }], "rules": [{{flag.rules}}] }
                  """)))}}] }
            """);

    private static TestVisitor Visitor(
        string code,
        Consent consent,
        DeviceType? device,
        string[]? custom,
        string? mapping)
    {
        var visitor = new TestVisitor(code);
        visitor.Record.Consent = consent;
        visitor.Record.Device = device;
        visitor.Record.MappingIdentifier = mapping;
        if (custom is not null)
        {
            visitor.Record.CustomData[0] = custom;
        }

        return visitor;
    }
}
