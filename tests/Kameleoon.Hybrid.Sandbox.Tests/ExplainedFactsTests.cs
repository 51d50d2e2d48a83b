using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>A decision is explained with whatever is stated of the visitor, or was recorded of them.</summary>
public sealed class ExplainedFactsTests
{
    [Theory]
    [InlineData("""{ "type": "CUSTOM_DATUM", "customData": "plan", "valueMatchType": "EXACT", "value": "gold" }""", "customData=plan%3Dgold")]
    [InlineData("""{ "type": "CUSTOM_DATUM", "customData": "plan", "valueMatchType": "EXACT", "value": "gold" }""", "customData=4%3Dsilver&customData=4%3Dgold")]
    [InlineData("""{ "type": "DEVICE_TYPE", "device": "PHONE" }""", "device=phone")]
    [InlineData("""{ "type": "BROWSER", "browser": "CHROME", "version": "120", "versionMatchType": "GREATER" }""", "browser=CHROME&browserVersion=121.5")]
    [InlineData("""{ "type": "OPERATING_SYSTEM", "os": "WINDOWS_PHONE" }""", "os=WINDOWS_PHONE")]
    [InlineData("""{ "type": "GEOLOCATION", "country": "France", "city": "Paris" }""", "country=France&city=paris")]
    [InlineData("""{ "type": "COOKIE", "nameMatchType": "EXACT", "name": "tier", "valueMatchType": "EXACT", "value": "a=b" }""", "cookie=tier%3Da%3Db")]
    [InlineData("""{ "type": "PAGE_URL", "matchType": "CONTAINS", "url": "/cart" }""", "page=https%3A%2F%2Fshop.test%2Fcart")]
    [InlineData("""{ "type": "PAGE_TITLE", "matchType": "EXACT", "title": "Cart" }""", "page=https%3A%2F%2Fshop.test%2F&title=Cart")]
    [InlineData("""{ "type": "PREVIOUS_PAGE", "matchType": "CONTAINS", "url": "/cart" }""", "page=https%3A%2F%2Fshop.test%2F&previousPage=https%3A%2F%2Fshop.test%2Fcart")]
    [InlineData("""{ "type": "PAGE_VIEWS", "matchType": "GREATER", "pageCount": 2 }""", "pageViews=3")]
    [InlineData("""{ "type": "APPLICATION_VERSION", "version": "2.1", "versionMatchType": "EQUAL" }""", "applicationVersion=2.1")]
    [InlineData("""{ "type": "SDK_LANGUAGE", "sdkLanguage": "JAVASCRIPT", "version": "4.0", "versionMatchType": "GREATER" }""", "sdkLanguage=JAVASCRIPT&sdkVersion=4.17.1")]
    [InlineData("""{ "type": "VISITS", "matchType": "EQUAL", "visitCount": 3 }""", "earlierVisit=2026-01-01&earlierVisit=2026-01-02")]
    [InlineData("""{ "type": "NEW_VISITORS", "visitorType": "RETURNING" }""", "earlierVisit=2026-01-01T10%3A00%3A00Z")]
    [InlineData("""{ "type": "CONVERSIONS", "goal": "order" }""", "conversion=3001%402026-01-01")]
    [InlineData("""{ "type": "CONVERSIONS", "goal": "order", "visitScope": "CURRENT_VISIT" }""", "conversion=3001")]
    [InlineData("""{ "type": "TARGET_EXPERIMENT", "experimentId": 7, "variationMatchType": "EXACT", "variationId": 8 }""", "assignment=7%3D8")]
    [InlineData("""{ "type": "TARGET_PERSONALIZATION", "personalizationId": 501 }""", "personalization=501")]
    [InlineData("""{ "type": "HEAT_SLICE", "keyMomentId": 1, "goal": "order", "lowerBound": 60, "upperBound": 80 }""", "likelihood=1%2F3001%3D70")]
    public async Task What_a_condition_asks_for_can_be_stated(string condition, string facts)
    {
        await using var site = await SandboxSite.StartAsync(dataFile: Targeted(condition));

        (await site.TextAsync("live/explain?flag=offer&visitor=anna")).ShouldStartWith("offer for anna is off (Default)");
        (await site.TextAsync("live/explain?flag=offer&visitor=anna&" + facts)).ShouldStartWith("offer for anna is on (Rule)");
    }

    [Theory]
    [InlineData("forced=7001%3Done-page", "is one-page (Forced)")]
    [InlineData("forced=7001%3Dclassic", "is classic (Forced)")]
    [InlineData("simulation=%7B%22checkout%22%3A%7B%22expId%22%3A7001%2C%22varId%22%3A81002%7D%7D", "is one-page (Simulated)")]
    [InlineData("bot=true", "is off (Bot)")]
    [InlineData("consent=REFUSED", "is off (Consent)")]
    [InlineData("environment=staging", "is off (Disabled)")]
    [InlineData("environment=elsewhere", "(Rule)")]
    public async Task What_comes_before_the_rules_can_be_stated_as_well(string facts, string decision)
    {
        await using var site = await SandboxSite.StartAsync(dataFile: Project);

        (await site.TextAsync("live/explain?flag=checkout&visitor=anna&" + facts)).Split('\n')[0].ShouldEndWith(decision);
    }

    [Fact]
    public async Task Whoever_is_known_under_another_code_is_bucketed_by_it()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: Project);
        var own = await DecisionsAsync(site, visitor => $"visitor={visitor}");

        (await DecisionsAsync(site, visitor => $"visitor=anna&person={visitor}")).ShouldBe(own);
        own.Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }

    [Fact]
    public async Task Facts_that_cannot_be_read_are_named_all_at_once()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: Project);

        using var response = await site.GetAsync("live/explain?flag=checkout&visitor=anna&device=TOASTER&pageViews=many"
            + "&visitStart=yesterday&customData=gold&customData=plann%3Dgold&assignment=a%3D1&forced=7001%3Dthird&weather=rain");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).Split('\n').ShouldBe(
            [
                "There is no fact \"weather\".",
                "The fact \"device\" is \"TOASTER\"; it can be Phone, Tablet, Desktop.",
                "The fact \"pageViews\" is \"many\", which is not a number.",
                "The fact \"visitStart\" is \"yesterday\", which is not a time, as 2026-01-31T12:00:00Z.",
                "The fact \"customData\" is \"gold\", which is not two parts with a \"=\" between.",
                "The fact \"customData\" is \"gold\", which is not the name or the index of custom data.",
                "The fact \"customData\" is \"plann\", which is not the name or the index of custom data.",
                "The fact \"assignment\" is \"a\", which is not an id.",
                "The experiment 7001 has no variation \"third\" to force.",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task More_than_an_address_holds_can_be_posted_and_more_than_anybody_knows_cannot()
    {
        const string Condition = """{ "type": "VISITS", "matchType": "EQUAL", "visitCount": 2001 }""";
        await using var site = await SandboxSite.StartAsync(dataFile: Targeted(Condition));
        var visits = string.Concat(Enumerable.Repeat("&earlierVisit=2026-01-01T10%3A00%3A00Z", 2000));

        using var explained = await site.PostAsync("live/explain", "flag=offer&visitor=anna" + visits);
        using var refused = await site.PostAsync("live/explain", new string('x', 300_000));

        (await explained.Content.ReadAsStringAsync()).ShouldStartWith("offer for anna is on (Rule)");
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task What_was_recorded_is_told_in_the_words_in_which_it_can_be_stated()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: Project);
        await VisitAsync(site);

        var facts = await site.JsonAsync("live/facts?visitor=anna");

        var told = facts.EnumerateObject().ToDictionary(
            fact => fact.Name,
            fact => string.Join(' ', fact.Value.EnumerateArray().Select(value => value.GetString()!.Split('@')[0])),
            StringComparer.Ordinal);
        told.Remove("visitStart", out var start).ShouldBeTrue();
        told.Remove("earlierVisit", out var earlier).ShouldBeTrue();
        string.CompareOrdinal(earlier, start).ShouldBeLessThan(0);
        told.ShouldBe(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["assignment"] = "7001=81002",
                ["browser"] = "CHROME",
                ["browserVersion"] = "120.5",
                ["city"] = "Paris",
                ["conversion"] = "3001",
                ["country"] = "France",
                ["customData"] = "plan=gold",
                ["device"] = "PHONE",
                ["likelihood"] = "1/3001=70",
                ["os"] = "ANDROID",
                ["page"] = "https://shop.test/cart",
                ["pageViews"] = "2",
                ["personalization"] = "501",
                ["previousPage"] = "https://shop.test/",
                ["title"] = "Cart",
            },
            ignoreOrder: true);

        var query = string.Join('&', facts.EnumerateObject().SelectMany(fact => fact.Value.EnumerateArray()
            .Select(value => $"{fact.Name}={Uri.EscapeDataString(value.GetString()!)}")));
        (await site.TextAsync("live/explain?flag=gold-only&visitor=anna&" + query))
            .ShouldStartWith("gold-only for anna is on (Rule)");
    }

    [Fact]
    public async Task The_story_of_a_visitor_decides_by_what_was_recorded_and_a_stranger_is_nothing_but_a_code()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: Project);
        await VisitAsync(site);

        (await GoldOnlyAsync(site, "anna")).ShouldBe("on");
        (await GoldOnlyAsync(site, "bob")).ShouldBe("off");
        (await site.TextAsync("live/facts?visitor=bob")).ShouldBe("{}");
    }

    [Fact]
    public async Task A_day_starts_at_its_own_midnight_where_the_time_changes_in_it()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 29, 10, 0, 0, TimeSpan.Zero)); // 02:00 became 03:00
        clock.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        await using var site = await SandboxSite.StartAsync(
            dataFile: Targeted("""{ "type": "SAME_DAY_VISITS", "matchType": "EQUAL", "visitCount": 2 }"""),
            configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));

        var today = await site.TextAsync("live/explain?flag=offer&visitor=anna&earlierVisit=2026-03-28T23%3A30%3A00Z");
        var yesterday = await site.TextAsync("live/explain?flag=offer&visitor=anna&earlierVisit=2026-03-28T22%3A30%3A00Z");

        today.ShouldStartWith("offer for anna is on (Rule)");
        yesterday.ShouldStartWith("offer for anna is off (Default)");
    }

    private const string Project = """
        {
          "site": { "consent": "required" },
          "goals": { "order": { "id": 3001 } },
          "customData": { "plan": { "index": 4, "scope": "visitor" } },
          "segments": { "gold": { "all": [{ "type": "CUSTOM_DATUM", "customData": "plan", "valueMatchType": "EXACT", "value": "gold" }] } },
          "flags": {
            "checkout": {
              "enabled": { "production": true, "staging": false, "*": true },
              "variations": { "off": {}, "classic": {}, "one-page": {} },
              "rules": [{ "experiment": 7001, "split": { "classic": { "weight": 1, "id": 81001 }, "one-page": { "weight": 1, "id": 81002 } } }],
            },
            "gold-only": { "variations": { "off": {}, "on": {} }, "rules": [{ "segment": "gold", "deliver": "on" }] },
          },
        }
        """;

    private static string Targeted(string condition) => $$"""
        {
          "goals": { "order": { "id": 3001 } },
          "customData": { "plan": { "index": 4 } },
          "segments": { "wanted": { "all": [{{condition}}] } },
          "flags": { "offer": { "variations": { "off": {}, "on": {} }, "rules": [{ "segment": "wanted", "deliver": "on" }] } },
        }
        """;

    /// <summary>A visit an hour ago, and one of now.</summary>
    private static async Task VisitAsync(SandboxSite site)
    {
        await SendAsync(
            "eventType=page&href=https%3A%2F%2Fshop.test%2F&title=Shop",
            "eventType=customData&index=4&valuesCountMap=%7B%22silver%22%3A1%7D&overwrite=true");
        using var later = await site.ControlAsync("POST", "control/clock?advanceSeconds=3600");
        await SendAsync(
            "eventType=page&href=https%3A%2F%2Fshop.test%2Fcart&title=Cart",
            "eventType=staticData&browserIndex=0&browserVersion=120.5&os=ANDROID&deviceType=PHONE",
            "eventType=geolocation&country=France&city=Paris",
            "eventType=customData&index=4&valuesCountMap=%7B%22gold%22%3A1%7D&overwrite=true",
            "eventType=experiment&id=7001&variationId=81002",
            "eventType=conversion&goalId=3001&revenue=1",
            "eventType=personalization&id=501&variationId=1",
            "eventType=personalization&id=502&variationId=0&unexpositionCause=PRIORITY");
        using var scores = await site.ControlAsync("PUT", "control/scores/kcs/anna", """{"1":{"3001":70}}""");
        scores.IsSuccessStatusCode.ShouldBeTrue();

        async Task SendAsync(params string[] lines)
        {
            using var answer = await site.FromEngineAsync("anna", [.. lines.Select(line => $"{line}&nonce={TestData.Nonce()}")]);
            answer.IsSuccessStatusCode.ShouldBeTrue();
        }
    }

    private static async Task<string?> GoldOnlyAsync(SandboxSite site, string visitor) =>
        (await site.JsonAsync("live/visitor?code=" + visitor)).GetProperty("decisions").EnumerateArray()
            .Single(decision => decision.GetProperty("flag").GetString() is "gold-only").GetProperty("variation").GetString();

    private static async Task<string[]> DecisionsAsync(SandboxSite site, Func<string, string> stated) => await Task.WhenAll(
        Enumerable.Range(0, 12).Select(async number =>
            (await site.TextAsync("live/explain?flag=checkout&" + stated($"visitor-{number}"))).Split('\n')[0].Split(' ')[^2]));
}
