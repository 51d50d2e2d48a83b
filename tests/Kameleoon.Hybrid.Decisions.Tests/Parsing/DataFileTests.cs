using System.Globalization;
using System.Text;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class DataFileTests
{
    [Theory]
    [InlineData("", "empty")]
    [InlineData(" ", "not valid JSON")]
    [InlineData("<html>", "not valid JSON")]
    [InlineData("""{"featureFlags": [""", "ends too early")]
    [InlineData("""{"featureFlags": []} x""", "not valid JSON")]
    [InlineData("null", "$.featureFlags")]
    [InlineData("""{"error": "no such site"}""", "$.featureFlags")]
    [InlineData("[]", "wrong type")]
    public void What_is_no_data_file_is_refused_with_a_reason(string json, string reason)
    {
        var refusal = Should.Throw<DataFileException>(() => TestSite.Parse(json));

        refusal.Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("\"featureFlags\": [\n{\"id\": \"1\"}]", "$.featureFlags[0].id", 2)]
    [InlineData("\"featureFlags\": [],\n\n\"dateModified\": 1.5", "$.dateModified", 3)]
    [InlineData("\"featureFlags\": [{\"rules\": [{\"exposition\": \"1\"}]}]", "$.featureFlags[0].rules[0].exposition", 1)]
    [InlineData("\"featureFlags\": [{\"variations\": {}}]", "$.featureFlags[0].variations", 1)]
    [InlineData("\"featureFlags\": [{\"variations\": [[]]}]", "$.featureFlags[0].variations[0]", 1)]
    [InlineData("\"featureFlags\": [{\"variations\": [{\"name\": 1}]}]", "$.featureFlags[0].variations[0].name", 1)]
    [InlineData("\"featureFlags\": [{\"variations\": [{\"variables\": [{\"key\": []}]}]}]", "$.featureFlags[0].variations[0].variables[0].key", 1)]
    [InlineData("\"featureFlags\": [{\"variations\": [{\"variables\": [{\"type\": true}]}]}]", "$.featureFlags[0].variations[0].variables[0].type", 1)]
    [InlineData("\"featureFlags\": {}", "$.featureFlags", 1)]
    [InlineData("\"featureFlags\": [7]", "$.featureFlags[0]", 1)]
    [InlineData("\"featureFlags\": [], \"configuration\": {\"realTimeUpdate\": \"yes\"}", "$.configuration.realTimeUpdate", 1)]
    public void A_value_of_the_wrong_type_is_named_with_its_path_and_line(string members, string path, int line)
    {
        var refusal = Should.Throw<DataFileException>(() => TestSite.Parse($"{{{members}}}"));

        refusal.Message.ShouldContain($"at {path}, line {line},");
        refusal.Message.ShouldStartWith("A value has the wrong type or range");
    }

    [Theory]
    [InlineData("{ \"targetingType\": \"DEVICE_TYPE\",\n \"device\": 3 }", ".device", 2)]
    [InlineData("{ \"targetingType\": \"PAGE_VIEWS\", \"pageCount\": \"3\" }", ".pageCount", 1)]
    [InlineData("{ \"targetingType\": \"DEVICE_TYPE\", \"isInclude\": \"no\" }", ".isInclude", 1)]
    [InlineData("{ \"targetingType\": \"CUSTOM_DATUM\",\n \"value\": null,\n \"range\": [1,\n {}] }", ".range[1]", 4)]
    [InlineData("5", "", 1)]
    public void A_condition_of_the_wrong_shape_is_named_with_its_path_and_line(string condition, string field, int line)
    {
        const string Place = "$.segments[0].conditionsData.firstLevel[0].conditions[0]";
        var json = "{\"featureFlags\":[],\"segments\":[{\"conditionsData\":{\"firstLevel\":[{\"conditions\":["
            + condition + "]}]}}]}";

        var refusal = Should.Throw<DataFileException>(() => TestSite.Parse(json));

        refusal.Message.ShouldContain($"at {Place}{field}, line {line},");
        refusal.Message.ShouldStartWith("A value has the wrong type or range");
    }

    [Fact]
    public void The_byte_is_where_the_value_ends_in_conditions_too()
    {
        const string Json = "{\"featureFlags\":[],\"segments\":[{\"conditionsData\":{\"firstLevel\":[{\"conditions\":["
            + "{\"targetingType\":\"DEVICE_TYPE\",\"device\":3";

        var refusal = Should.Throw<DataFileException>(() => TestSite.Parse(Json + "}]}]}}]}"));

        refusal.Message.ShouldContain($"line 1, byte {Json.Length + 1}:");
    }

    [Theory]
    [InlineData("{\"featureFlags\":[{\"id\":1},x", "$.featureFlags[1]")]
    [InlineData("{\"featureFlags\":[{\"id\":1,x", "$.featureFlags[0]")]
    [InlineData("{\"featureFlags\":[{\"id\":x", "$.featureFlags[0].id")]
    [InlineData("{\"featureFlags\":[{\"some.thing\":{\"a\":[1,x", "$.featureFlags[0]['some.thing']")]
    [InlineData("{\"featureFlags\":[{\"variations\":[{\"variables\":[{\"value\":{\"a\":x", "$.featureFlags[0].variations[0].variables[0].value")]
    public void Where_the_document_stops_being_JSON_is_named(string json, string path)
    {
        var refusal = Should.Throw<DataFileException>(() => TestSite.Parse(json));

        refusal.Message.ShouldContain($"at {path}, line 1, byte {json.Length}:");
    }

    [Fact]
    public void A_truncated_condition_is_called_truncated()
    {
        const string Json = "{\"featureFlags\":[],\"segments\":[{\"conditionsData\":{\"firstLevel\":[{\"conditions\":["
            + "{\"targetingType\":\"DEVICE_TYPE\",\"device\":";

        Should.Throw<DataFileException>(() => TestSite.Parse(Json)).Message.ShouldContain("ends too early");
    }

    [Fact]
    public void Fields_of_conditions_that_only_browsers_know_may_have_any_type()
    {
        var dataFile = TestSite.WithCondition("""{ "targetingType": "SCREEN_DIMENSION", "value": [1], "device": {} }""");

        TestSite.Targets(dataFile).ShouldBeTrue();
        dataFile.Warnings.ShouldContain(warning => warning.Contains("SCREEN_DIMENSION", StringComparison.Ordinal));
    }

    [Fact]
    public void A_byte_order_mark_is_skipped()
    {
        var dataFile = DataFile.Parse([.. Encoding.UTF8.Preamble, .. """{"featureFlags":[]}"""u8]);

        dataFile.Flags.ShouldBeEmpty();
    }

    [Fact]
    public void Unknown_members_are_ignored_everywhere()
    {
        var dataFile = TestSite.WithRule(
            rule: """, "novelty": { "a": [1, null] }, "segmentId": 41""",
            flag: """, "novelty": 1.5e300 """,
            top: """
                , "novelty": [[]], "segments": [{ "id": 41, "novelty": 1, "conditionsData": { "firstLevel": [
                { "novelty": 1, "conditions": [{ "targetingType": "VISITOR_CODE", "matchType": "CONTAINS", "novelty": {} }] }
                ] } }]
                """);

        TestSite.Targets(dataFile).ShouldBeTrue();
    }

    [Fact]
    public void Absent_and_null_arrays_are_empty()
    {
        var dataFile = TestSite.Parse("""
            {
              "segments": [{ "id": 1 }, { "id": 2, "conditionsData": { "firstLevel": [null, { "conditions": null }] } }, null],
              "customData": null,
              "holdout": { "experimentId": 5 },
              "featureFlags": [null, { "featureKey": "a", "environmentEnabled": true, "defaultVariationKey": "d" },
                { "featureKey": "b", "environmentEnabled": true, "defaultVariationKey": "d",
                  "variations": [{ "key": "d", "variables": null }],
                  "rules": [null, { "id": 1, "exposition": 1, "segmentId": 2, "variationByExposition": null }] }]
            }
            """);

        dataFile.Decide("a", new TestVisitor("v")).Variation.Key.ShouldBe("d");
        dataFile.Decide("b", new TestVisitor("v")).Variation.Reason.ShouldBe(DecisionReason.Default);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void The_later_of_two_flags_of_one_key_counts_in_the_place_of_the_first(int others)
    {
        var before = string.Concat(Enumerable.Range(10, others).Select(
            id => string.Create(CultureInfo.InvariantCulture, $$"""{ "id": {{id}}, "featureKey": "flag_{{id}}" },""")));
        var dataFile = TestSite.Parse($$"""
            { "featureFlags": [ {{before}}
              { "id": 1, "featureKey": "twice", "environmentEnabled": false, "mutuallyExclusiveGroup": "g" },
              { "id": 2, "featureKey": "between", "environmentEnabled": true, "defaultVariationKey": "b" },
              { "id": 3, "featureKey": "twice", "environmentEnabled": true, "defaultVariationKey": "later" }] }
            """);

        dataFile.Flags.Skip(others).Select(flag => flag.Id).ShouldBe([3, 2]);
        dataFile.FindFlag("between")!.Id.ShouldBe(2);
        dataFile.Decide("twice", new TestVisitor("v")).Variation.Key.ShouldBe("later");
    }

    [Fact]
    public void Custom_data_is_found_by_name_and_declares_its_scope()
    {
        var dataFile = TestSite.Parse("""
            { "featureFlags": [], "customData": [
              { "id": 1, "index": 7, "name": "plan", "localOnly": true, "scope": "VISITOR" },
              { "id": 2, "index": 8, "name": "plan", "isMappingIdentifier": true },
              { "id": 3, "index": 9, "isMappingIdentifier": true },
              { "id": 4 }, { "id": 5, "index": -1 }] }
            """);

        dataFile.CustomData.Select(slot => slot.Index).ShouldBe([7, 8, 9]);
        dataFile.CustomData[0].ShouldBe(new CustomDataSlot(7, 1, "plan", IsLocalOnly: true, IsVisitorScoped: true));
        dataFile.FindCustomData("plan")!.Index.ShouldBe(8);
        dataFile.FindCustomData("unknown").ShouldBeNull();
        dataFile.MappingIndex.ShouldBe(9);
        dataFile.Warnings.Count.ShouldBe(4);
    }
}
