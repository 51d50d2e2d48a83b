using System.Text;
using System.Text.Json;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class ProjectTests
{
    private const string Shop = """
        {
          // What a person writes.
          "$schema": "project.schema.json",
          "site": { "consent": "required", "afterRefusal": "fullyBlock", "realTimeUpdate": true, "dataDomain": "eu-data.example.test" },
          "customData": {
            "plan": { "index": 3, "scope": "visitor" },
            "account": { "id": 504, "index": 5, "mappingIdentifier": true },
          },
          "goals": { "order": { "id": 3001, "name": "Order placed" } },
          "segments": {
            "gold": { "audience": true, "all": [
              { "type": "CUSTOM_DATUM", "customData": "plan", "valueMatchType": "AMONG_VALUES", "values": ["gold", "silver"] },
              { "any": [{ "type": "DEVICE_TYPE", "device": "PHONE", "not": true }, { "type": "SEGMENT", "segment": "staff" }] },
            ] },
            "staff": { "id": 2002, "any": [{ "type": "VISITOR_CODE", "matchType": "CONTAINS", "visitorCode": "staff-" }] },
          },
          "holdout": { "percent": 5, "id": 9000, "inHoldoutId": 9001, "notInHoldoutId": 9002 },
          "flags": {
            "checkout": {
              "id": 1001, "default": "classic", "group": "basket", "bucketBy": "account",
              "enabled": { "production": true, "staging": false },
              "variables": { "steps": 3, "colours": ["red"] },
              "variations": {
                "classic": { "name": "Three steps" },
                "one-page": { "variables": { "steps": 1, "script": { "$js": "go()" }, "on": true } },
              },
              "rules": [
                { "id": 11001, "experiment": 7001, "segment": "gold", "traffic": 80, "respoolTime": 1767225600, "goals": ["order"],
                  "split": { "classic": { "weight": 1, "id": 81001 }, "one-page": { "weight": 3, "id": 81002 } } },
                { "deliver": "one-page", "traffic": 50 },
              ],
            },
            "banner": { "variations": { "on": {} }, "rules": [{ "split": { "off": 1, "on": 2 } }] },
          },
        }
        """;

    [Fact]
    public void A_project_becomes_a_data_file_without_warnings()
    {
        var file = DataFileOf(Shop);

        DataFile.Parse(Encoding.UTF8.GetBytes(file.GetRawText())).Warnings.ShouldBeEmpty();
        file.GetProperty("configuration").GetRawText().ShouldBe(
            """{"consentType":"REQUIRED","consentOptOutBehavior":"FULLY_BLOCK","realTimeUpdate":true,"dataApiDomain":"eu-data.example.test"}""");
        file.GetProperty("customData")[1].GetRawText().ShouldBe(
            """{"id":504,"index":5,"name":"account","localOnly":false,"scope":"VISIT","isMappingIdentifier":true}""");
        file.GetProperty("holdout").GetProperty("variationByExposition")[0].GetRawText().ShouldBe(
            """{"variationKey":"in-holdout","variationId":9001,"exposition":0.05}""");
        var flag = file.GetProperty("featureFlags")[0];
        flag.GetProperty("mutuallyExclusiveGroup").GetString().ShouldBe("basket");
        flag.GetProperty("bucketingCustomDataId").GetInt64().ShouldBe(504);
        flag.GetProperty("variations")[1].GetProperty("variables").GetRawText().ShouldBe(
            """[{"key":"steps","type":"NUMBER","value":1},{"key":"colours","type":"JSON","value":"[\u0022red\u0022]"},{"key":"script","type":"JS","value":"go()"},{"key":"on","type":"BOOLEAN","value":true}]""");
        var rule = flag.GetProperty("rules")[0];
        rule.GetProperty("exposition").GetDouble().ShouldBe(0.8);
        rule.GetProperty("variationByExposition")[1].GetRawText().ShouldBe(
            """{"variationKey":"one-page","variationId":81002,"exposition":0.75}""");
        flag.GetProperty("rules")[1].GetProperty("type").GetString().ShouldBe("TARGETED_DELIVERY");
    }

    [Fact]
    public void A_segment_keeps_its_meaning_through_names_and_lists()
    {
        var segment = DataFileOf(Shop).GetProperty("segments")[0].GetProperty("conditionsData");

        segment.GetProperty("firstLevelOrOperators").GetRawText().ShouldBe("[false]");
        var first = segment.GetProperty("firstLevel")[0].GetProperty("conditions")[0];
        first.GetProperty("customDataIndex").GetString().ShouldBe("3");
        first.GetProperty("value").GetString().ShouldBe("""["gold","silver"]""");
        var second = segment.GetProperty("firstLevel")[1];
        second.GetProperty("orOperators").GetRawText().ShouldBe("[true]");
        second.GetProperty("conditions")[0].GetProperty("isInclude").GetBoolean().ShouldBeFalse();
        second.GetProperty("conditions")[1].GetProperty("segmentId").GetInt64().ShouldBe(2002);
    }

    [Fact]
    public void Ids_that_nobody_gives_stay_the_same_when_lines_move()
    {
        const string Other = """{ "flags": { "first": {}, "banner": { "variations": { "on": {} }, "rules": [{ "split": { "off": 1, "on": 2 } }] } } }""";

        DataFileOf(Other).GetProperty("featureFlags")[1].GetRawText().ShouldBe(DataFileOf(Shop).GetProperty("featureFlags")[1].GetRawText());
    }

    [Fact]
    public void Each_environment_gets_the_flags_that_are_on_in_it()
    {
        var project = Read(Shop);

        Enabled("production").ShouldBe([true, true]);
        Enabled("staging").ShouldBe([false, true]);
        Enabled("elsewhere").ShouldBe([false, true]);

        bool[] Enabled(string environment) =>
            [.. DataFile.Parse(project.DataFileOf(environment)).Flags.Select(flag => flag.EnvironmentEnabled)];
    }

    [Theory]
    [InlineData("{\n  \"flags\": {\n    \"a\": { \"defalt\": \"x\" }\n  }\n}", 3, "flags.a.defalt", "\"defalt\" is not known here.")]
    [InlineData("{ \"flags\": { \"a\": { \"default\": \"x\" } } }", 1, "flags.a.default", "No variation of a is called \"x\".")]
    [InlineData("{ \"flags\": { \"a\": {\n \"rules\": [{ \"split\": { \"on\": 1 } }] } } }", 2, "flags.a.rules[0].split.on", "No variation of a is called \"on\".")]
    [InlineData("{ \"flags\": { \"a\": { \"rules\": [{ \"traffic\": 101, \"deliver\": \"off\" }] } } }", 1, "flags.a.rules[0].traffic", "This has to be a number from 0 to 100.")]
    [InlineData("{ \"flags\": { \"a\": { \"rules\": [{}] } } }", 1, "flags.a.rules[0]", "A rule has either")]
    [InlineData("{ \"flags\": { \"a\": { \"id\": 7 }, \"b\": { \"id\": 7 } } }", 1, "flags.b.id", "flags/b and flags/a both have the id 7.")]
    [InlineData("{ \"flags\": {}, \"segments\": { \"s\": { \"all\": [{ \"type\": \"SEGMENT\", \"segment\": \"t\" }] } } }", 1, "segments.s.all[0].segment", "No segment is called \"t\".")]
    [InlineData("{ \"flags\": {}, \"site\": { \"consent\": \"maybe\" } }", 1, "site.consent", "\"maybe\" has to be one of required, notRequired.")]
    [InlineData("{ \"flags\": {}, \"holdout\": { \"percent\": 5,\n \"inHoldoutId\": 3, \"notInHoldoutId\": 3 } }", 2, "holdout.notInHoldoutId", "holdout/out and holdout/in both have the id 3.")]
    [InlineData("{ \"flags\": {}, \"holdout\": { \"id\": 3 },\n \"experiments\": { \"web\": { \"id\": 3 } } }", 2, "experiments.web.id", "experiments/web and holdout both have the id 3.")]
    [InlineData("{ \"flags\": { \"a\": { \"variations\": { \"on\": {} }, \"rules\": [{ \"split\": { \"off\": { \"weight\": 1, \"id\": 4 },\n \"on\": { \"weight\": 1, \"id\": 4 } } }] } } }", 2, "flags.a.rules[0].split.on.id", "a/0/on and a/0/off both have the id 4.")]
    [InlineData("{ \"experiments\": { \"web\": { \"id\": 3, \"variations\": { \"b\": { \"id\": 4 },\n \"c\": { \"id\": 4 } } } } }", 2, "experiments.web.variations.c.id", "experiments/web#3/c and experiments/web#3/b both have the id 4.")]
    [InlineData("{ \"flags\": [] }", 1, "flags", "This has to be an object, in braces.")]
    [InlineData("{ \"flags\": {\n }", 2, "", "The document is not valid JSON")]
    public void A_mistake_is_told_with_its_line_and_reason(string project, int line, string path, string reason)
    {
        var mistake = Should.Throw<ProjectException>(() => Read(project)).Mistakes[0];

        mistake.Line.ShouldBe(line);
        mistake.Path.ShouldBe(path);
        mistake.Reason.ShouldStartWith(reason);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        const string Careless = """{ "flags": { "a": { "default": "x", "enabled": "yes" }, "b": { "traffic": 3 } } }""";

        Should.Throw<ProjectException>(() => Read(Careless)).Mistakes.Count.ShouldBe(3);
    }

    [Fact]
    public void The_published_schema_names_every_member_the_reader_knows()
    {
        var schema = Encoding.UTF8.GetString(EmbeddedFile.Read("project.schema.json"));

        // A mistake lists what is known at its place: each of those has to be in the schema, too.
        string[] places =
        [
            """{ "flags": {}, "?": 1 }""", """{ "flags": {}, "site": { "?": 1 } }""", """{ "flags": {}, "holdout": { "?": 1 } }""",
            """{ "flags": {}, "customData": { "a": { "?": 1 } } }""", """{ "flags": {}, "segments": { "a": { "?": 1 } } }""",
            """{ "flags": { "a": { "?": 1 } } }""", """{ "flags": { "a": { "variations": { "v": { "?": 1 } } } } }""",
            """{ "flags": { "a": { "rules": [{ "deliver": "off", "?": 1 }] } } }""",
        ];
        foreach (var place in places)
        {
            var reason = Should.Throw<ProjectException>(() => Read(place)).Mistakes.Single().Reason;
            foreach (var name in reason[(reason.IndexOf("Known are ", StringComparison.Ordinal) + 10)..].TrimEnd('.').Split(", "))
            {
                schema.ShouldContain($"\"{name}\": {{", customMessage: place);
            }
        }
    }

    [Fact]
    public async Task The_schema_is_served_and_is_JSON()
    {
        await using var site = await SandboxSite.StartAsync();

        var schema = await site.JsonAsync("project.schema.json");

        schema.GetProperty("$schema").GetString().ShouldBe("https://json-schema.org/draft/2020-12/schema");
    }

    [Fact]
    public async Task A_project_on_disk_is_served_in_every_environment_and_its_goals_have_names()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: Shop);

        var production = await site.JsonAsync("v3/s");
        var staging = await site.JsonAsync("v3/s?environment=staging");
        await site.FromServerAsync(TestData.Conversion(goal: "3001").Of("anna"));

        production.GetProperty("featureFlags")[0].GetProperty("environmentEnabled").GetBoolean().ShouldBeTrue();
        staging.GetProperty("featureFlags")[0].GetProperty("environmentEnabled").GetBoolean().ShouldBeFalse();
        (await site.StateAsync()).GetProperty("goals")[0].GetProperty("name").GetString().ShouldBe("Order placed");
    }

    [Theory]
    [InlineData("anna", 2)]
    [InlineData(null, 1)]
    public void A_variation_forced_for_everybody_holds_in_a_mutually_exclusive_group(string? visitor, int inGroup)
    {
        const string Group = """
            { "flags": {
              "a": { "group": "G", "variations": { "on": {} }, "rules": [{ "deliver": "off" }] },
              "b": { "group": "G", "variations": { "on": {} }, "rules": [{ "deliver": "off" }] } } }
            """;
        var edits = new Dictionary<string, FlagEdit>(StringComparer.Ordinal)
        {
            ["a"] = new(Forced: [new ForcedVariation("on", visitor)]),
        };

        var flags = JsonElement.Parse(
            CompiledProject.Read(Encoding.UTF8.GetBytes(Group), edits, default).DataFileOf("production")).GetProperty("featureFlags");

        flags.EnumerateArray().Count(flag => flag.GetProperty("mutuallyExclusiveGroup").GetString() is "G").ShouldBe(inGroup);
    }

    private static CompiledProject Read(string project) => CompiledProject.Read(Encoding.UTF8.GetBytes(project), TestData.NoEdits, default);

    private static JsonElement DataFileOf(string project) => JsonElement.Parse(Read(project).DataFileOf("production"));
}
