using System.Net;
using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class EngineTests
{
    private const string Token = "__KAMELEOON_CONFIGURATION__";

    [Fact]
    public async Task The_script_carries_the_experiments_of_the_data_file_and_its_own_address()
    {
        await using var site = await SandboxSite.StartAsync(prefix: "/_kameleoon");

        using var response = await site.GetAsync("_kameleoon/engine.js?siteCode=my-site");

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/javascript; charset=utf-8");
        response.Headers.CacheControl!.ToString().ShouldBe("no-cache");
        var configuration = LiteralOf(await response.Content.ReadAsStringAsync());
        configuration.GetProperty("siteCode").GetString().ShouldBe("my-site");
        configuration.GetProperty("dataUrl").GetString().ShouldBe($"{site.Http.BaseAddress}_kameleoon");
        configuration.GetProperty("resourceUrl").GetString().ShouldBe($"{site.Http.BaseAddress}_kameleoon?siteCode=my-site");
        configuration.GetProperty("environment").GetString().ShouldBe("production");
        configuration.GetProperty("cookie").GetProperty("days").GetInt32().ShouldBe(365);
        configuration.TryGetProperty("goals", out _).ShouldBeFalse(); // An official data file has none to compare with.
        var experiment = configuration.GetProperty("experiments").EnumerateArray().Single();
        experiment.GetProperty("id").GetInt64().ShouldBe(77);
        experiment.GetProperty("name").GetString().ShouldBe("checkout");
        experiment.GetProperty("kind").GetString().ShouldBe("feature");
        experiment.GetProperty("variations").GetRawText().ShouldBe(
            """[{"id":700,"name":"Off","deferred":false},{"id":701,"name":"One page","deferred":false}]""");
    }

    [Fact]
    public async Task Without_a_site_code_and_without_a_data_file_there_is_still_an_engine()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: null);

        var configuration = LiteralOf(await site.TextAsync("engine.js"));

        configuration.GetProperty("siteCode").GetString().ShouldBe("sandbox");
        configuration.GetProperty("dataUrl").GetString().ShouldBe(site.Http.BaseAddress!.ToString().TrimEnd('/'));
        configuration.GetProperty("experiments").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_name_cannot_break_out_of_the_script()
    {
        const string Hostile = "</script><script>alert(1)//\u2028\u2029'\\\"`${";
        var file = TestData.Json.Replace("\"checkout\"", JsonSerializer.Serialize(Hostile), StringComparison.Ordinal);
        await using var site = await SandboxSite.StartAsync(dataFile: file);

        var script = await site.TextAsync("engine.js?siteCode=%3C%2Fscript%3E%E2%80%A8%22");

        script.ShouldNotContain("</script", Case.Insensitive);
        script.ShouldNotContain("\u2028");
        script.ShouldNotContain("\u2029");
        var configuration = LiteralOf(script);
        configuration.GetProperty("siteCode").GetString().ShouldBe("</script>\u2028\"");
        configuration.GetProperty("experiments")[0].GetProperty("name").GetString().ShouldBe(Hostile);
    }

    [Fact]
    public async Task A_browser_that_has_the_script_gets_304_until_the_data_file_changes()
    {
        await using var site = await SandboxSite.StartAsync();
        using var first = await site.GetAsync("engine.js");

        using var same = await WithTagAsync();
        await File.WriteAllTextAsync(
            site.DataFile, TestData.Json.Replace("checkout", "basket", StringComparison.Ordinal));
        using var changed = await WithTagAsync();

        same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);

        Task<HttpResponseMessage> WithTagAsync() => site.Http.SendAsync(new(HttpMethod.Get, "engine.js")
        {
            Headers = { IfNoneMatch = { first.Headers.ETag! } },
        });
    }

    [Fact]
    public async Task Experiments_and_personalizations_of_a_project_keep_the_defaults_of_what_it_leaves_out()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: """
            {
              "flags": {},
              "engine": { "spa": { "enabled": true } },
              "experiments": { "web": { "id": 200, "variations": { "reference": {}, "b": { "id": 5 } } } },
              "personalizations": { "banner": { "id": 300, "variations": { "shown": { "id": 8 } } } },
            }
            """);

        var configuration = LiteralOf(await site.TextAsync("engine.js"));

        configuration.GetProperty("siteCode").GetString().ShouldBe("sandbox");
        configuration.GetProperty("goals").GetArrayLength().ShouldBe(0);
        configuration.GetProperty("triggers").GetArrayLength().ShouldBe(0);
        configuration.GetProperty("experiments")[0].GetRawText().ShouldBe(
            """{"id":200,"name":"web","kind":"web","tags":[],"variations":[{"id":0,"name":"reference","share":0.5,"deferred":false},{"id":5,"name":"b","share":0.5,"deferred":false}],"goals":[],"integrations":[],"paused":false,"track":true,"assignmentDays":30}""");
        configuration.GetProperty("personalizations")[0].GetRawText().ShouldBe(
            """{"id":300,"name":"banner","schedule":[],"goals":[],"integrations":[],"tags":[],"variation":{"id":8,"name":"shown","share":1,"deferred":false}}""");
    }

    [Fact]
    public async Task The_engine_gets_a_holdout_as_one()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: """
            { "flags": {}, "holdout": { "percent": 25, "id": 9000, "inHoldoutId": 9001, "notInHoldoutId": 9002 } }
            """);

        var holdout = LiteralOf(await site.TextAsync("engine.js")).GetProperty("experiments")[0];

        holdout.GetProperty("kind").GetString().ShouldBe("holdout");
        holdout.GetProperty("variations").GetRawText().ShouldBe(
            """[{"id":9001,"name":"in-holdout","share":0.25,"deferred":false},{"id":9002,"name":"not-in-holdout","share":0.75,"deferred":false}]""");
    }

    [Fact]
    public async Task The_code_and_the_integrations_of_a_flag_reach_the_engine()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: """
            { "integrations": { "analytics": "send(variationName)" },
              "flags": { "banner": {
                "variations": { "on": { "variables": { "a": { "$js": "first()" }, "b": { "$js": "second()" }, "c": { "$css": "p{}" } } } },
                "rules": [{ "split": { "off": 1, "on": 1 }, "integrations": ["analytics"] }] } } }
            """);

        var engine = await site.TextAsync("engine.js");

        engine.ShouldContain("{first()\nsecond()\n}");
        engine.ShouldContain("\"css\":\"p{}\"");
        engine.ShouldContain("\"integrations\":[\"analytics\"]");
    }

    [Fact]
    public void An_integration_that_does_not_exist_is_a_mistake()
    {
        const string Project = """
            { "flags": { "banner": { "variations": { "on": {} }, "rules": [{ "deliver": "on", "integrations": ["nobody"] }] } } }
            """;

        Should.Throw<ProjectException>(() => CompiledProject.Read(System.Text.Encoding.UTF8.GetBytes(Project), TestData.NoEdits, default))
            .Mistakes.Single().Reason.ShouldStartWith("No integration is called \"nobody\".");
    }

    [Theory]
    [InlineData("""{ "integrations": { "ga5": true } }""", "integrations.ga5", "No integration is built in under the name")]
    [InlineData("""{ "integrations": { "ga4": 4 } }""", "integrations.ga4", "This has to be true, an object")]
    [InlineData("""{ "integrations": { "gtm": { "sendTo": "G-1" } } }""", "integrations.gtm.sendTo", "is not a setting of gtm")]
    [InlineData("""{ "integrations": { "adobe": { "eVar": true } } }""", "integrations.adobe.eVar", "a text or a number")]
    [InlineData(
        """{ "experiments": { "a": { "variations": { "b": {} }, "integrations": ["ga5"] } } }""",
        "experiments.a.integrations[0]",
        "No integration is called \"ga5\"")]
    [InlineData(
        """{ "personalizations": { "a": { "variations": { "b": {} }, "integrations": ["ga5"] } } }""",
        "personalizations.a.integrations[0]",
        "No integration is called \"ga5\"")]
    public void A_mistake_in_an_integration_names_its_line(string project, string path, string reason)
    {
        var text = "{\n\"flags\": {},\n" + project.TrimStart('{');

        var mistake = Should.Throw<ProjectException>(
            () => CompiledProject.Read(System.Text.Encoding.UTF8.GetBytes(text), TestData.NoEdits, default)).Mistakes.ShouldHaveSingleItem();

        (mistake.Line, mistake.Path).ShouldBe((3, path));
        mistake.Reason.ShouldContain(reason);
    }

    [Fact]
    public async Task Built_in_integrations_run_by_name_and_take_settings_and_a_custom_one_stays_possible()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: """
            { "flags": {},
              "integrations": { "adobe": { "eVar": 12 }, "gtm": true, "segment": "own()", "mine": "mine()" },
              "experiments": { "a": { "variations": { "b": {} }, "integrations": ["adobe", "segment", "mine", "piwik"] } } }
            """);

        var engine = await site.TextAsync("engine.js");

        engine.ShouldContain("\"integrations\":[\"adobe\",\"segment\",\"mine\",\"piwik\"]");
        engine.ShouldContain("const settings = {\"eVar\":12};");
        engine.ShouldContain("experience_impression");
        engine.ShouldContain("setCustomDimensionValue");
        engine.ShouldContain("{own()\n}");
        engine.ShouldContain("{mine()\n}");
        engine.ShouldNotContain("mixpanel");
    }

    [Theory]
    [InlineData("""{ "flags": {}, "site": { "consent": "required" } }""", true)]
    [InlineData("""{ "flags": {}, "site": { "consent": "notRequired" } }""", false)]
    [InlineData("""{ "configuration": { "consentType": "REQUIRED" }, "featureFlags": [] }""", true)]
    [InlineData("""{ "configuration": { "consentType": "NOT_REQUIRED" }, "featureFlags": [] }""", false)]
    [InlineData("""{ "flags": {}, "site": { "consent": "required" }, "engine": { "consent": { "abTesting": "NOT_REQUIRED" } } }""", false)]
    public async Task The_engine_waits_for_consent_where_the_setting_or_the_data_file_requires_it(string document, bool waits)
    {
        await using var site = await SandboxSite.StartAsync(dataFile: document);

        var configuration = LiteralOf(await site.TextAsync("engine.js"));

        (configuration.TryGetProperty("consent", out var consent)
            && consent.GetProperty("abTesting").GetString() is "REQUIRED"
            && consent.GetProperty("personalization").GetString() is "REQUIRED").ShouldBe(waits);
    }

    [Fact]
    public async Task A_site_may_have_a_resource_base_of_its_own()
    {
        await using var site = await SandboxSite.StartAsync("/kameleoon");

        var engine = await site.TextAsync("kameleoon/r/shop/engine.js");

        engine.ShouldContain("\"siteCode\":\"shop\"");
        engine.ShouldContain($"\"dataUrl\":\"{site.Http.BaseAddress}kameleoon\"");
        engine.ShouldContain($"\"resourceUrl\":\"{site.Http.BaseAddress}kameleoon/r/shop\"");
    }

    [Fact]
    public async Task Further_files_are_asked_for_with_the_site_and_the_environment_of_the_first()
    {
        await using var site = await SandboxSite.StartAsync();

        var engine = await site.TextAsync("engine.js?siteCode=shop&environment=staging&other=1");

        engine.ShouldContain("?siteCode=shop\\u0026environment=staging\"");
    }

    [Fact]
    public void The_bundle_names_the_configuration_exactly_once() => Bundle().Split(Token).Length.ShouldBe(2);

    private static string Bundle() => Encoding.UTF8.GetString(EmbeddedFile.Read("engine.js"));

    private static JsonElement LiteralOf(string script)
    {
        var parts = Bundle().Split(Token);
        script.ShouldStartWith(parts[0]);
        script.ShouldEndWith(parts[1]);
        return JsonElement.Parse(script[parts[0].Length..^parts[1].Length]);
    }
}
