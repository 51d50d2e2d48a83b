using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>The ranges of numbers and the types of conditions are the same for the schema and for the reader.</summary>
public sealed class SchemaRangeTests
{
    private const string Condition = "firstLevel[0].conditions[0]";

    private const string Numbers = """
        {
          "engine": { "flushMs": 100, "activityMs": 100, "generatedAt": 5, "cookie": { "days": 3 }, "visit": { "idleMs": 5, "maxLocal": 3 },
            "spa": { "enabled": true, "pollMs": 100 }, "triggers": [{ "id": 1, "name": "t", "dateCreated": 5, "dateModified": 6,
              "conditionsData": { "firstLevelOrOperators": [], "firstLevel": [{ "orOperators": [], "conditions": [
                { "targetingType": "PAGE_URL", "isInclude": true, "url": "a", "matchType": "CONTAINS" }] }] } }] },
          "goals": { "order": { "id": 3001, "type": "SCROLL", "threshold": 50 } },
          "customData": { "plan": { "id": 12, "index": 0 } },
          "segments": { "s": { "id": 41, "all": [
            { "type": "PAGE_VIEWS", "matchType": "GREATER", "pageCount": 2, "id": 3, "weight": 1 },
            { "type": "HEAT_SLICE", "goal": "order", "keyMomentId": 4, "lowerBound": 1, "upperBound": 99 },
            { "type": "CUSTOM_DATUM", "customData": "plan", "valueMatchType": "RANGE", "range": [1, 2] },
            { "type": "VISITS", "matchType": "GREATER", "visitCount": 2 },
            { "type": "FIRST_VISIT", "matchType": "GREATER", "countInMillis": 2, "count": 3, "unitOfTime": "DAY" },
            { "type": "TARGET_EXPERIMENT", "experimentId": 5, "variationId": 6, "variationMatchType": "EXACT" },
            { "type": "TARGET_FEATURE_FLAG", "flag": "checkout", "ruleId": 7 }, { "type": "TARGET_PERSONALIZATION", "personalizationId": 8 },
            { "type": "DAY_OF_WEEK", "days": [1] }] } },
          "holdout": { "percent": 5, "id": 90, "inHoldoutId": 91, "notInHoldoutId": 92 },
          "flags": { "checkout": { "id": 10, "variables": { "a": 1 }, "variations": { "off": {}, "on": { "variables": { "a": 2 } } }, "rules": [
            { "id": 20, "experiment": 21, "traffic": 80, "respoolTime": 5, "split": { "off": 1, "on": { "weight": 1, "id": 22 } } },
            { "id": 23, "experiment": 24, "deliver": "on", "variationId": 25 }] } },
          "experiments": { "web": { "id": 30, "assignmentDays": 3, "mainGoalId": 3001, "variations": { "reference": { "weight": 1 }, "b": { "id": 31, "weight": 2, "respoolTime": 5 } } } },
          "personalizations": { "hello": { "id": 32, "priority": 1, "schedule": [{ "start": 1, "end": 2 }], "capping": { "global": 3, "visitors": 1, "visitor": 2 },
            "scenario": { "firstLevel": [{ "conditions": [{ "targetingType": "VISITS", "matchType": "GREATER", "visitCount": 1 }] }] }, "variations": { "b": { "id": 33, "weight": 1 } } } }
        }
        """;

    /// <summary>Members and numbers that are beyond what they can be.</summary>
    public static TheoryData<string, string> Beyond { get; } = new()
    {
        { "customData.plan.index", "20000" },
        { "customData.plan.index", "-1" },
        { "experiments.web.variations.b.weight", "2000000" },
        { "experiments.web.variations.reference.weight", "1e999" },
        { "experiments.web.assignmentDays", "3000000000" },
        { "personalizations.hello.variations.b.weight", "1e308" },
        { "personalizations.hello.priority", "3000000000" },
        { "personalizations.hello.priority", "-3000000000" },
        { "personalizations.hello.capping.global", "2147483648" },
        { "personalizations.hello.capping.visitors", "2147483648" },
        { "personalizations.hello.capping.visitor", "2147483648" },
        { "personalizations.hello.schedule[0].start", "9223372036854775808" },
        { "engine.flushMs", "3000000000" },
        { "engine.activityMs", "3000000000" },
        { "engine.cookie.days", "3000000000" },
        { "engine.visit.idleMs", "3000000000" },
        { "engine.visit.maxLocal", "3000000000" },
        { "engine.spa.pollMs", "3000000000" },
        { "engine.generatedAt", "9223372036854775808" },
        { "goals.order.threshold", "1e999" },
        { "goals.order.id", "0" },
        { "goals.order.id", "9223372036854775808" },
        { "holdout.percent", "1e999" },
        { "flags.checkout.rules[0].traffic", "-1e999" },
        { "flags.checkout.rules[0].respoolTime", "0" },
        { "flags.checkout.rules[0].split.off", "1e999" },
        { "flags.checkout.rules[0].split.off", "1e308" },
        { "flags.checkout.rules[0].split.on.weight", "1e999" },
    };

    /// <summary>Members of trees, and what they cannot be.</summary>
    public static TheoryData<string, string> WrongTrees { get; } = new()
    {
        { $"engine.triggers[0].conditionsData.{Condition}.targetingType", "\"PAGE_ADDRESS\"" },
        { $"engine.triggers[0].conditionsData.{Condition}.targetingType", "5" },
        { $"engine.triggers[0].conditionsData.{Condition}.isInclude", "\"no\"" },
        { "engine.triggers[0].conditionsData.firstLevelOrOperators", "true" },
        { "engine.triggers[0].conditionsData.firstLevl", "[]" },
        { "engine.triggers[0].conditionsData", "5" },
        { $"personalizations.hello.scenario.{Condition}.targetingType", "\"VISIT\"" },
        { $"personalizations.hello.scenario.{Condition}.targetingType", "\"JS_CODE\"" },
        { $"personalizations.hello.scenario.{Condition}", "{}" },
        { "personalizations.hello.scenario.firstLevel[0].condition", "[]" },
        { "personalizations.hello.scenario.firstLevel[0].orOperators", "[0]" },
    };

    [Theory]
    [MemberData(nameof(Beyond))]
    [MemberData(nameof(WrongTrees))]
    public void What_is_out_of_range_or_of_no_known_type_is_refused_by_both_with_its_line(string path, string value)
    {
        var (document, line) = With(path, value);

        ProjectSchema.Accepts(SourceNode.Parse(document)).ShouldBeFalse();
        Mistakes(document).ShouldContain(mistake => (mistake.Line == line || (value[0] == '[' && mistake.Line == line + 1))
            && mistake.Path.StartsWith(path, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_number_that_the_schema_accepts_the_reader_accepts_and_the_engine_gets()
    {
        var root = SourceNode.Parse(Encoding.UTF8.GetBytes(Numbers));
        Mistakes(Encoding.UTF8.GetBytes(Numbers)).ShouldBeEmpty();
        string[] values =
        [
            "-9223372036854775808", "-3000000000", "-1", "0", "0.5", "1", "6", "7", "100", "101", "10000", "10001", "1000000", "1000001",
            "1e3", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "1e30", "1e308", "1e999", "-1e999",
        ];

        foreach (var path in NumbersIn(root))
        {
            foreach (var value in values)
            {
                var (document, line) = With(path, value);
                var mistakes = Mistakes(document);
                var isTaken = mistakes.Any(mistake => mistake.Reason.Contains("both have the id", StringComparison.Ordinal));

                (mistakes.Count == 0 || isTaken).ShouldBe(
                    ProjectSchema.Accepts(SourceNode.Parse(document)), $"{path}: {value}: {string.Join(' ', mistakes)}");
                mistakes.ShouldAllBe(mistake => mistake.Line == line || isTaken, $"{path}: {value}");
                if (mistakes.Count == 0)
                {
                    var engine = CompiledProject.Read(document, TestData.NoEdits, default).Engine;
                    Should.NotThrow(() => JsonSerializer.Serialize(engine, EngineJson.Default.EngineConfiguration), $"{path}: {value}");
                }
            }
        }
    }

    [Fact]
    public void The_types_of_a_tree_are_types_that_the_engine_evaluates()
    {
        var evaluated = File.ReadAllText(RepositoryFolder.Of("src/Kameleoon.Hybrid.Sandbox/Engine/source/execution/conditions.ts"));
        var types = SourceNode.Parse(EmbeddedFile.Read("project.schema.json"))
            .Find("$defs")!.Find("treeCondition")!.Find("properties")!.Find("targetingType")!.Find("enum")!.Items;

        types.Count.ShouldBeGreaterThan(20);
        types.ShouldAllBe(type => evaluated.Contains($"  {type.Text}: ", StringComparison.Ordinal));
    }

    private static IReadOnlyList<Mistake> Mistakes(byte[] document)
    {
        try
        {
            CompiledProject.Read(document, TestData.NoEdits, default);
            return [];
        }
        catch (ProjectException e)
        {
            return e.Mistakes;
        }
    }

    private static IEnumerable<string> NumbersIn(SourceNode node) => node.Kind == JsonTokenType.Number
        ? [node.Path]
        : node.Items.Concat(node.Members.Select(member => member.Value)).SelectMany(NumbersIn);

    // Every member on a line of its own, so that a wrong line shows; the number as it is written.
    private static (byte[] Document, int Line) With(string path, string value)
    {
        var root = JsonNode.Parse(Numbers)!;
        var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        var owner = steps[..^1].Aggregate(root, Step);
        var last = steps[^1];
        if (last[0] == '[')
        {
            owner[Index(last)] = JsonNode.Parse(value);
        }
        else
        {
            owner[last] = JsonNode.Parse(value);
        }

        var document = Encoding.UTF8.GetBytes(root.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return (document, steps.Aggregate(
            SourceNode.Parse(document), (node, step) => step[0] == '[' ? node.Items[Index(step)] : node.Find(step)!).Line);
    }

    private static JsonNode Step(JsonNode node, string step) => step[0] == '[' ? node[Index(step)]! : node[step]!;

    private static int Index(string step) => int.Parse(step[1..^1], CultureInfo.InvariantCulture);
}
