using System.Globalization;
using System.Text;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>A site like any other, as large as wanted; the same bytes on every machine.</summary>
internal static class SampleDataFile
{
    private static readonly string[] Areas = ["checkout", "search", "basket", "account", "landing", "navigation", "product"];

    private static readonly string[] VariationKeys = ["off", "control", "on", "variation_b"];

    private static readonly string[] VariationNames = ["Off", "Control", "On", "Variation B"];

    internal static byte[] Of(int size)
    {
        var flags = new StringBuilder();
        var segments = new StringBuilder();
        for (var i = 0; flags.Length + segments.Length < size; i++)
        {
            flags.Append(i == 0 ? "" : ",").Append(Flag(i));
            if (i % 2 == 0)
            {
                segments.Append(i == 0 ? "" : ",").Append(Segment(i));
            }
        }

        return Encoding.UTF8.GetBytes($$"""
            {"dateModified":1767225600000,"configuration":{"realTimeUpdate":false,"consentType":"REQUIRED","consentOptOutBehavior":"PARTIALLY_BLOCK","dataApiDomain":"eu-data.example.test"},"customData":[{{List(10, CustomData)}}],"holdout":null,"featureFlags":[{{flags}}],"segments":[{{segments}}]}
            """);
    }

    private static string CustomData(int i) => Text(
        $$"""{"id":{{501 + i}},"index":{{i}},"name":"custom_{{i}}","localOnly":false,"scope":"VISITOR","isMappingIdentifier":false}""");

    private static string Flag(int i) => Text($$"""
        {"id":{{100_000 + i}},"featureKey":"{{Areas[i % Areas.Length]}}_feature_{{i}}","environmentEnabled":{{Bool(i % 5 > 0)}},"defaultVariationKey":"off","mutuallyExclusiveGroup":{{(i % 25 == 0 ? "\"SEARCH-GROUP\"" : "null")}},"bucketingCustomDataId":null,"variations":[{{List(2 + (i % 3), v => Variation(i, v))}}],"rules":[{{List(1 + (i % 3), r => Rule(i, r))}}]}
        """);

    private static string Variation(int flag, int v) => Text(
        $$"""{"key":"{{VariationKeys[v]}}","name":"{{VariationNames[v]}}","variables":[{{List(flag % 7, n => Variable(flag, v, n))}}]}""");

    private static string Variable(int flag, int variation, int n) => n switch
    {
        0 => Text($$"""{"key":"enabled","type":"BOOLEAN","value":{{Bool(variation > 1)}}}"""),
        1 => Text($$"""{"key":"columns","type":"NUMBER","value":{{(flag % 4) + variation}}}"""),
        2 => Text($$"""{"key":"title","type":"STRING","value":"{{Areas[flag % 7]}} headline no {{flag}} for variation {{variation}}"}"""),
        3 => Text($$"""{"key":"layout","type":"JSON","value":"{\"steps\":[\"cart\",\"address\",\"pay\"],\"columns\":{{flag % 5}},\"compact\":true}"}"""),
        4 => Text($$"""{"key":"ratio","type":"NUMBER","value":{{variation}}.75}"""),
        _ => Text($$"""{"key":"{{(n == 5 ? "style" : "script")}}","type":"{{(n == 5 ? "CSS" : "JS")}}","value":""}"""),
    };

    private static string Rule(int flag, int r)
    {
        var id = (flag * 3) + r;
        var isExperiment = r < flag % 3;
        var variations = isExperiment ? 2 + (flag % 3) : 1;
        return Text($$"""
            {"id":{{200_000 + id}},"order":{{r}},"type":"{{(isExperiment ? "EXPERIMENTATION" : "TARGETED_DELIVERY")}}","segmentId":{{(id % 4 == 0 ? "null" : SegmentId(flag - (flag % 2)))}},"exposition":{{(isExperiment ? "0.8" : "1")}},"experimentId":{{300_000 + id}},"respoolTime":{{(id % 6 == 0 ? "1767225600" : "null")}},"variationByExposition":[{{List(
                variations, v => $$"""{"variationKey":"{{VariationKeys[v]}}","variationId":{{Text($"{1_000_000 + (id * 4) + v}")}},"exposition":{{(isExperiment ? "0.25" : "1")}}}""")}}]}
            """);
    }

    private static string Segment(int i) => Text($$"""
        {"id":{{SegmentId(i)}},"audienceTracking":{{Bool(i % 6 == 0)}},"conditionsData":{"firstLevelOrOperators":[{{List(i % 3, _ => "false")}}],"firstLevel":[{{List(1 + (i % 3), g => Group(i + g))}}] } }
        """);

    private static string SegmentId(int flag) => Text($"{400_000 + flag}");

    private static string Group(int i) =>
        $$"""{"orOperators":[{{List(i % 4, _ => "true")}}],"conditions":[{{List(1 + (i % 4), c => Condition((i * 5) + c))}}]}""";

    private static string Condition(int i) => Text(
        $$"""{"targetingType":"{{Fields(i)}},"isInclude":{{Bool(i % 9 > 0)}},"id":{{500_000 + i}},"weight":1}""");

    private static string Fields(int i) => (i % 10) switch
    {
        0 or 1 => Text($"CUSTOM_DATUM\",\"customDataIndex\":\"{i % 10}\",\"valueMatchType\":\"EXACT\",\"value\":\"value {i % 50}\""),
        2 => "CUSTOM_DATUM\",\"customDataIndex\":\"1\",\"valueMatchType\":\"AMONG_VALUES\",\"value\":\"[\\\"gold\\\",\\\"silver\\\"]\"",
        3 => "DEVICE_TYPE\",\"device\":\"PHONE\"",
        4 or 5 => Text($"PAGE_URL\",\"matchType\":\"CONTAINS\",\"url\":\"/{Areas[i % Areas.Length]}/{i}\""),
        6 => "BROWSER\",\"browser\":\"FIREFOX\",\"version\":\"120\",\"versionMatchType\":\"GREATER\"",
        7 => "GEOLOCATION\",\"country\":\"France\",\"region\":\"\",\"city\":\"\"",
        8 => Text($"PAGE_VIEWS\",\"matchType\":\"GREATER\",\"pageCount\":{i % 30}"),
        _ => "CONVERSIONS\",\"goalId\":6001,\"visitScope\":\"VISITOR\",\"visitCount\":10",
    };

    private static string List(int count, Func<int, string> item) => string.Join(',', Enumerable.Range(0, count).Select(item));

    private static string Bool(bool value) => value ? "true" : "false";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
