using System.Net;
using System.Text.Json;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class VisitorTests
{
    private const string All =
        "staticData=true&currentVisit=true&customData=true&conversion=true&geolocation=true&experiment=true&page=true&personalization=true";

    [Fact]
    public async Task A_visitor_s_history_is_what_was_posted_in_the_words_of_the_platform()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromServerAsync(
            $"eventType=customData&index=1&nonce={Nonce()}&overwrite=true&valuesCountMap=%7B%22gold%22%3A1%7D&visitorCode=anna",
            $"eventType=page&href=https%3A%2F%2Fshop.example%2F&title=1984&referrersIndices=%5B3%2C7%5D&nonce={Nonce()}&visitorCode=anna",
            Exposure().Of("anna"),
            Conversion().Of("anna"),
            $"eventType=geolocation&country=France&city=Paris&nonce={Nonce()}&latitude=48.8566&longitude=2.3522&visitorCode=anna",
            $"eventType=staticData&browserIndex=3&nonce={Nonce()}&browserVersion=16.5&visitorCode=anna",
            $"eventType=staticData&deviceType=PHONE&nonce={Nonce()}&visitorCode=anna");

        var visit = (await site.JsonAsync($"visit/visitor?siteCode=s&visitorCode=anna&{All}")).GetProperty("currentVisit");

        visit.GetProperty("visitorCode").GetString().ShouldBe("anna");
        Data(visit, "customDataEvents").ShouldBe("""{"index":1,"overwrite":true,"valuesCountMap":{"gold":1}}""");
        Data(visit, "pageEvents").ShouldBe("""{"href":"https://shop.example/","title":"1984","referrersIndices":[3,7]}""");
        Data(visit, "experimentEvents").ShouldBe("""{"id":77,"variationId":701}""");
        Data(visit, "conversionEvents").ShouldBe("""{"goalId":5,"revenue":10.5,"negative":false}""");
        Data(visit, "geolocationEvents").ShouldBe("""{"country":"France","city":"Paris","latitude":48.8566,"longitude":2.3522}""");
        visit.GetProperty("staticDataEvent").GetProperty("data").GetRawText().ShouldBe(
            """{"browser":"SAFARI","browserIndex":3,"browserVersion":16.5,"deviceType":"PHONE","visitNumber":0}""");
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_told()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromServerAsync(Page().Of("anna"), Conversion().Of("anna"));

        var answer = await site.JsonAsync("visit/visitor?siteCode=s&visitorCode=anna&currentVisit=true&page=true");

        answer.GetProperty("currentVisit").EnumerateObject().Select(member => member.Name)
            .ShouldBe(["visitorCode", "timeStarted", "timeLastEvent", "pageEvents"]);
        (await site.TextAsync("visit/visitor?siteCode=s&visitorCode=nobody")).ShouldBe("""{"previousVisits":[]}""");
    }

    [Fact]
    public async Task Earlier_visits_come_youngest_first_and_as_many_as_asked_for()
    {
        await using var site = await SandboxSite.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            await site.FromServerAsync(Conversion(goal: $"{i}").Of("anna"));
            using var later = await site.ControlAsync("POST", "control/clock?advanceSeconds=3600");
        }

        var answer = await site.JsonAsync("visit/visitor?visitorCode=anna&maxNumberPreviousVisits=2&currentVisit=true&conversion=true");

        Goals(answer.GetProperty("currentVisit")).ShouldBe([3]);
        answer.GetProperty("previousVisits").EnumerateArray().SelectMany(Goals).ShouldBe([2, 1]);

        static IEnumerable<int> Goals(JsonElement visit) => visit.GetProperty("conversionEvents").EnumerateArray()
            .Select(entry => entry.GetProperty("data").GetProperty("goalId").GetInt32());
    }

    [Fact]
    public async Task A_person_is_found_by_the_mapping_value_on_every_device()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromServerAsync(
            Exposure().Of("a1"),
            $"eventType=customData&index=3&valuesCountMap=%7B%22user-77%22%3A1%7D&mappingIdentifier=true&nonce={Nonce()}&visitorCode=a1");

        var answer = await site.JsonAsync($"visit/visitor?mappingValue=user-77&{All}");
        await site.FromServerAsync($"eventType=conversion&goalId=5&revenue=3&nonce={Nonce()}&mappingValue=user-77");

        answer.GetProperty("currentVisit").GetProperty("visitorCode").GetString().ShouldBe("a1");
        var result = (await site.StateAsync()).GetProperty("experiments")[0].GetProperty("variations")[1].GetProperty("goals")[0];
        result.GetProperty("visitors").GetInt32().ShouldBe(1);
        result.GetProperty("revenue").GetDecimal().ShouldBe(3);
        await site.FromServerAsync($"{Page()}&mappingValue=user-77", $"{Exposure()}&mappingValue=user-77");
        var totals = (await site.StateAsync()).GetProperty("totals");
        totals.GetProperty("visitors").GetInt32().ShouldBe(1);
        (await site.StateAsync()).GetProperty("experiments")[0].GetProperty("visitors").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Scores_are_told_as_they_were_set()
    {
        await using var site = await SandboxSite.StartAsync();
        using var set = await site.ControlAsync("PUT", "control/scores/kcs/anna", """{"41":{"6001":62.5}}""");

        var answer = await site.JsonAsync("visit/visitor?visitorCode=anna&kcs=true");

        answer.GetProperty("kcs").GetProperty("41").GetProperty("6001").GetDouble().ShouldBe(62.5);
    }

    [Fact]
    public async Task Maps_are_kept_until_they_expire()
    {
        await using var site = await SandboxSite.StartAsync();

        using var set = await site.PostAsync("map/maps?siteCode=s&ttlHours=1", """{"some key/1":{"warehouseAudiences":{"vip":1}},"b":{"x":2}}""");
        var one = await site.TextAsync("map/map?siteCode=s&key=some%20key%2F1");
        var many = await site.TextAsync("map/maps?siteCode=s&keys=%5B%22b%22%2C%22c%22%5D");
        using var later = await site.ControlAsync("POST", "control/clock?advanceSeconds=3601");

        set.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        one.ShouldBe("""{"warehouseAudiences":{"vip":1}}""");
        many.ShouldBe("""{"b":{"x":2},"c":{}}""");
        (await site.TextAsync("map/map?siteCode=s&key=b")).ShouldBe("{}");
    }

    [Fact]
    public async Task Bots_are_refused_where_the_option_asks_for_it()
    {
        await using var site = await SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:RefuseBots", "true"));

        using var person = await site.FromServerAsync(Page().Of("anna") + "&userAgent=Mozilla%2F5.0%20Firefox");
        using var robot = await site.FromServerAsync(Page().Of("ben") + "&userAgent=Googlebot%2F2.1");

        (person.StatusCode, robot.StatusCode).ShouldBe((HttpStatusCode.NoContent, HttpStatusCode.Forbidden));
        (await site.StateAsync()).GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Servers_need_a_token_that_has_not_expired_where_the_option_asks_for_it()
    {
        await using var site = await SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:RequireToken", "true"));
        using var without = await site.FromServerAsync(Page().Of("anna"));
        using var forget = await site.PostAsync("visit/forget?siteCode=s", "anna");
        using var token = await site.PostAsync("oauth/token");
        site.Http.DefaultRequestHeaders.Authorization = new("Bearer", "sandbox-access-token");

        using var with = await site.FromServerAsync(Page().Of("anna"));
        using var later = await site.ControlAsync("POST", "control/clock?advanceSeconds=7201");
        using var expired = await site.FromServerAsync(Page().Of("anna"));
        using var engine = await site.FromEngineAsync("ben", Page());

        (without.StatusCode, with.StatusCode, expired.StatusCode, engine.StatusCode).ShouldBe(
            (HttpStatusCode.Unauthorized, HttpStatusCode.NoContent, HttpStatusCode.Unauthorized, HttpStatusCode.NoContent));
        forget.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_server_that_posts_maps_without_a_token_gets_401_and_changes_nothing()
    {
        await using var site = await SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:RequireToken", "true"));

        using var without = await site.PostAsync("map/maps?siteCode=s", """{"k":{"a":1}}""");

        without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var token = await site.PostAsync("oauth/token");
        site.Http.DefaultRequestHeaders.Authorization = new("Bearer", "sandbox-access-token");
        (await site.TextAsync("map/map?siteCode=s&key=k")).ShouldBe("{}");
    }

    [Theory]
    [InlineData("GET", "visit/visitor?siteCode=s&visitorCode=anna", "Sec-Fetch-Site", "same-origin")]
    [InlineData("GET", "map/map?siteCode=s&key=k", "Sec-Fetch-Site", "same-origin")]
    [InlineData("GET", "map/maps?siteCode=s&keys=%5B%22k%22%5D", "Origin", "http://shop.test")]
    [InlineData("POST", "visit/events?siteCode=s&sdkName=javascript&sdkVersion=5.17.1", "Origin", "http://shop.test")]
    public async Task Engines_and_browser_SDKs_need_no_token(string method, string address, string header, string value)
    {
        await using var site = await SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:RequireToken", "true"));
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Headers = { { header, value } } };

        using var answer = await site.Http.SendAsync(request);

        answer.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task The_current_visit_of_a_person_is_that_of_the_code_that_is_asked_for()
    {
        await using var site = await SandboxSite.StartAsync();
        foreach (var code in (string[])["a1", "b1"])
        {
            await site.FromServerAsync(
                $"eventType=customData&index=3&valuesCountMap=%7B%22user-77%22%3A1%7D&mappingIdentifier=true&nonce={Nonce()}".Of(code));
        }

        var both = await site.JsonAsync("visit/visitor?mappingValue=user-77&visitorCode=a1&currentVisit=true&maxNumberPreviousVisits=5");
        var newest = await site.JsonAsync("visit/visitor?mappingValue=user-77&currentVisit=true&maxNumberPreviousVisits=5");

        CodesOf(both).ShouldBe(["a1", "b1"]);
        CodesOf(newest).ShouldBe(["b1", "a1"]);

        static string?[] CodesOf(JsonElement answer) =>
        [
            .. answer.GetProperty("previousVisits").EnumerateArray().Prepend(answer.GetProperty("currentVisit"))
                .Select(visit => visit.GetProperty("visitorCode").GetString()),
        ];
    }

    [Fact]
    public async Task The_current_visit_is_told_before_the_code_is_linked_to_the_person()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromServerAsync(Page().Of("a1"));

        var answer = await site.JsonAsync("visit/visitor?mappingValue=user-77&visitorCode=a1&currentVisit=true");

        answer.GetProperty("currentVisit").GetProperty("visitorCode").GetString().ShouldBe("a1");
    }

    [Fact]
    public async Task Scores_of_a_person_are_found_by_the_mapping_value()
    {
        await using var site = await SandboxSite.StartAsync();
        using var scores = await site.ControlAsync("PUT", "control/scores/kcs/user-77", """{"1":{"55":0.7}}""");

        (await site.TextAsync("visit/visitor?mappingValue=user-77&kcs=true"))
            .ShouldBe("""{"previousVisits":[],"kcs":{"1":{"55":0.7}}}""");
    }

    [Fact]
    public async Task Texts_of_a_history_stay_texts_whatever_they_look_like()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromEngineAsync(
            "anna",
            $"eventType=page&href=https%3A%2F%2Fshop.example%2F&title=true&nonce={Nonce()}",
            $"eventType=product&action=search&query=1984&nonce={Nonce()}");

        var visit = (await site.JsonAsync($"visit/visitor?siteCode=s&visitorCode=anna&{All}&product=true")).GetProperty("currentVisit");

        Data(visit, "pageEvents").ShouldBe("""{"href":"https://shop.example/","title":"true"}""");
        Data(visit, "productEvents").ShouldBe("""{"action":"search","query":"1984"}""");
    }

    [Fact]
    public async Task A_forgotten_visitor_has_no_history()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromServerAsync(Page().Of("anna"), Page().Of("ben"));

        using var forgotten = await site.PostAsync("visit/forget?siteCode=s", "anna", "nobody");

        (await site.TextAsync("visit/visitor?visitorCode=anna&currentVisit=true")).ShouldBe("""{"previousVisits":[]}""");
        (await site.TextAsync("visit/visitor?visitorCode=ben&currentVisit=true")).ShouldContain("currentVisit");
    }

    private static string Data(JsonElement visit, string list) => visit.GetProperty(list)[0].GetProperty("data").GetRawText();
}
