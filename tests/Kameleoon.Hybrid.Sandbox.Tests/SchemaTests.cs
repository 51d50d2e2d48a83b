using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>The reader and the schema, by which editors check a project, find the same mistakes.</summary>
public sealed class SchemaTests
{
    private const string Whole = """
        {
          "$schema": "project.schema.json",
          "site": { "consent": "required", "afterRefusal": "fullyBlock", "realTimeUpdate": true, "dataDomain": "data.example" },
          "engine": { "flushMs": 100, "needs": { "ip": true }, "realTimeSync": "safari", "crossDomains": ["a.test"],
            "consent": { "abTesting": "REQUIRED", "unknown": { "abTesting": "NONE", "personalization": "ALL" }, "denied": { "abTesting": "RUN", "personalization": "STOP" } } },
          "goals": { "order": { "id": 3001, "name": "Order", "type": "URL", "url": "/thanks", "matchType": "CONTAINS" } },
          "customData": { "plan": { "index": 0, "scope": "visitor", "type": "LIST" } },
          "segments": {
            "gold": {
              "created": "2026-01-31",
              "all": [
                { "type": "CUSTOM_DATUM", "customData": "plan", "valueMatchType": "AMONG_VALUES", "values": ["gold"] },
                { "any": [{ "type": "PAGE_VIEWS", "matchType": "GREATER", "pageCount": 2 }, { "type": "DEVICE_TYPE", "not": true, "device": "PHONE" }] }
              ]
            }
          },
          "holdout": { "percent": 5 },
          "flags": {
            "checkout": {
              "enabled": { "production": true, "*": false },
              "default": "classic",
              "bucketBy": "plan",
              "variables": { "label": "Buy", "on": true, "steps": 3, "more": { "a": 1 }, "list": [1], "code": { "$js": "1" } },
              "variations": { "classic": {}, "one-page": { "name": "One", "variables": { "label": "Go" } } },
              "rules": [
                { "segment": "gold", "deliver": "one-page" },
                { "traffic": 80, "split": { "classic": 1, "one-page": { "weight": 1, "id": 81001 } }, "goals": ["order"], "integrations": ["gtm"] }
              ]
            }
          },
          "experiments": {
            "web": { "tags": ["DELAYED", "TECHNICAL"], "segment": "gold", "goals": ["order"], "variations": { "reference": {}, "b": { "weight": 2, "js": "go()" } } }
          },
          "personalizations": { "hello": { "tags": ["LIVE-UPDATE"], "priority": 1, "capping": { "global": 3 }, "variations": { "b": { "css": "a{}" } } } },
          "integrations": { "ga4": { "sendTo": "G-1" }, "mine": "return 1;" }
        }
        """;

    /// <summary>A member of the document, and what it cannot be.</summary>
    public static TheoryData<string, string> Broken { get; } = new()
    {
        { "site.consent", "5" },
        { "site.dataDomain", "5" },
        { "site.realTimeUpdate", "\"yes\"" },
        { "engine.flushMs", "\"soon\"" },
        { "engine.flushmS", "1" },
        { "engine.needs.ip", "\"yes\"" },
        { "engine.needs.ipp", "true" },
        { "engine.realTimeSync", "\"chrome\"" },
        { "engine.crossDomains", "[5]" },
        { "engine.consent.abTesting", "\"REQUIERED\"" },
        { "engine.consent.personalization", "\"required\"" },
        { "engine.consent.unknown.abTesting", "\"PARTIAL\"" },
        { "engine.consent.denied.personalization", "\"NONE\"" },
        { "goals.order.name", "5" },
        { "goals.order.type", "\"CLIK\"" },
        { "goals.order.threshhold", "5" },
        { "goals.order.id", "\"3001\"" },
        { "customData.plan.index", "\"0\"" },
        { "customData.plan.index", "0.5" },
        { "customData.plan.type", "5" },
        { "customData.plan.scope", "\"ever\"" },
        { "segments.gold.created", "5" },
        { "segments.gold.all[0].type", "5" },
        { "segments.gold.all[0].type", "\"CUSTOM_DATA\"" },
        { "segments.gold.all[0].valueMatchType", "\"AMONG\"" },
        { "segments.gold.all[0].value", "5" },
        { "segments.gold.all[0].vlaue", "\"gold\"" },
        { "segments.gold.all[0].values", "[1]" },
        { "segments.gold.all[0].not", "\"no\"" },
        { "segments.gold.all[0].customData", "0" },
        { "segments.gold.all[1].any[0].pageCount", "\"2\"" },
        { "segments.gold.all[1].any[1].device", "\"WATCH\"" },
        { "segments.gold.all[1].any[1].divice", "\"PHONE\"" },
        { "segments.gold.any", "5" },
        { "holdout.percent", "\"5\"" },
        { "holdout.percent", "101" },
        { "flags.checkout.default", "5" },
        { "flags.checkout.group", "5" },
        { "flags.checkout.enabled", "\"yes\"" },
        { "flags.checkout.enabled.production", "1" },
        { "flags.checkout.bucketBy", "0" },
        { "flags.checkout.variables.label", "null" },
        { "flags.checkout.variables.code.$js", "5" },
        { "flags.checkout.variations.one-page.name", "5" },
        { "flags.checkout.rules[0].deliver", "5" },
        { "flags.checkout.rules[0].segment", "5" },
        { "flags.checkout.rules[1].traffic", "\"80\"" },
        { "flags.checkout.rules[1].split.classic", "\"1\"" },
        { "flags.checkout.rules[1].split.classic", "-1" },
        { "flags.checkout.rules[1].split.one-page.wait", "1" },
        { "flags.checkout.rules[1].goals", "[3001]" },
        { "flags.checkout.rules[1].goals", "\"order\"" },
        { "experiments.web.tags", "[\"DELAYD\"]" },
        { "experiments.web.tags", "\"DELAYED\"" },
        { "experiments.web.tag", "[\"DELAYED\"]" },
        { "experiments.web.name", "5" },
        { "experiments.web.variations.b.js", "5" },
        { "experiments.web.variations.b.weight", "\"2\"" },
        { "personalizations.hello.tags", "[\"LIVE_UPDATE\"]" },
        { "personalizations.hello.priority", "\"first\"" },
        { "personalizations.hello.capping.globl", "1" },
        { "personalizations.hello.variations.b.css", "5" },
        { "integrations.ga4", "5" },
        { "integrations.ga4.sendto", "\"G-1\"" },
        { "integrations.mine", "true" },
    };

    [Fact]
    public void A_project_with_a_member_of_every_kind_is_accepted_by_both()
    {
        SourceNode.Parse(Encoding.UTF8.GetBytes(Whole)).ShouldSatisfyAllConditions(
            document => ProjectSchema.Accepts(document).ShouldBeTrue(),
            document => CompiledProject.Read(Encoding.UTF8.GetBytes(Whole), TestData.NoEdits, default).Source.ShouldNotBeNull());
    }

    [Theory]
    [InlineData("site")]
    [InlineData("engine")]
    [InlineData("customData")]
    [InlineData("goals")]
    [InlineData("segments")]
    [InlineData("flags")]
    [InlineData("experiments")]
    [InlineData("personalizations")]
    [InlineData("integrations")]
    public void A_document_with_one_member_of_a_project_is_a_project_for_both(string member)
    {
        var document = Encoding.UTF8.GetBytes("{\"" + member + "\":{}}");

        ProjectSchema.Accepts(SourceNode.Parse(document)).ShouldBeTrue();
        Should.NotThrow(() => CompiledProject.Read(document, TestData.NoEdits, default));
    }

    [Theory]
    [InlineData("samples/Shop/kameleoon.json")]
    [InlineData("samples/QuickStart/kameleoon.json")]
    [InlineData("src/Kameleoon.Hybrid.Sandbox.Host/kameleoon.json")]
    public void The_projects_of_the_repository_are_accepted_by_both(string path)
    {
        var document = File.ReadAllBytes(RepositoryFolder.Of(path));
        var root = SourceNode.Parse(document);

        ProjectSchema.Accepts(root).ShouldBe(ProjectReader.IsProject(root));
        Should.NotThrow(() => CompiledProject.Read(document, TestData.NoEdits, default));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_the_schema_refuses_the_reader_reports_with_the_line_that_people_wrote(string path, string value)
    {
        var (text, line) = WithMember(path, value);
        var document = Encoding.UTF8.GetBytes(text);

        ProjectSchema.Accepts(SourceNode.Parse(document)).ShouldBeFalse();
        var mistakes = Should.Throw<ProjectException>(() => CompiledProject.Read(document, TestData.NoEdits, default)).Mistakes;
        // A wrong element of a list stands in the line after its member.
        mistakes.ShouldContain(mistake =>
            (mistake.Line == line || (value[0] == '[' && mistake.Line == line + 1))
            && mistake.Path.StartsWith(path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{ \"flags\": { \"a\": 5 } }")]
    [InlineData("{ \"flags\": { \"a\": { \"variations\": { \"on\": {} }, \"rules\": [{ \"deliver\": 5 }] } } }")]
    [InlineData("no JSON")]
    [InlineData(null)]
    public async Task The_data_file_is_never_a_text_in_place_of_JSON(string? project)
    {
        await using var site = await SandboxSite.StartAsync(dataFile: project);

        using var answer = await site.GetAsync("v3/s");

        answer.StatusCode.ShouldBe(project is null ? HttpStatusCode.NotFound : HttpStatusCode.ServiceUnavailable);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("mistakes")[0].GetProperty("reason").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("{\n \"flags\": {\n  \"a\": { \"variations\": { \"on\": {} } },\n  \"a\": { \"variations\": { \"on\": {} } }\n } }", 4)]
    [InlineData("{\n \"goals\": {},\n \"goals\": {},\n \"flags\": {} }", 3)]
    [InlineData("{\n \"flags\": {}\n}\nmore", 4)]
    [InlineData("{\n \"flags\": {},\n \"goals\": [] }", 3)]
    [InlineData("{\n \"flags\": {\n  \"a\": null } }", 3)]
    public void Names_that_stand_twice_text_after_the_end_and_lists_for_objects_are_mistakes_with_their_line(string text, int line)
    {
        var mistakes = Should.Throw<ProjectException>(
            () => CompiledProject.Read(Encoding.UTF8.GetBytes(text), TestData.NoEdits, default)).Mistakes;

        mistakes.ShouldContain(mistake => mistake.Line == line);
    }

    // Every member on a line of its own, so that a wrong line shows.
    private static (string Text, int Line) WithMember(string path, string value)
    {
        var root = JsonNode.Parse(Whole)!;
        var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        var owner = steps[..^1].Aggregate(
            root,
            (node, step) => step[0] == '['
                ? node[int.Parse(step[1..^1], System.Globalization.CultureInfo.InvariantCulture)]!
                : node[step] is JsonObject or JsonArray ? node[step]! : node[step] = new JsonObject());
        owner[steps[^1]] = JsonNode.Parse(value);
        var text = root.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        var document = SourceNode.Parse(Encoding.UTF8.GetBytes(text));
        return (text, steps.Aggregate(
            document,
            (node, step) => step[0] == '['
                ? node.Items[int.Parse(step[1..^1], System.Globalization.CultureInfo.InvariantCulture)]
                : node.Find(step)!).Line);
    }
}
