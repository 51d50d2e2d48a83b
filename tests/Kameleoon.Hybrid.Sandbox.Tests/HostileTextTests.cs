using System.Net;
using System.Text;
using System.Text.Json;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>Texts that JSON allows and .NET refuses.</summary>
public sealed class HostileTextTests
{
    private const string Half = "\\ud83d";

    [Theory]
    [InlineData("\\ud83d", "\\ufffd")]
    [InlineData("\\uDE00x", "\\ufffdx")]
    [InlineData("\\ud83d\\ude00", "\\ud83d\\ude00")]
    [InlineData("\\ud83d\\ud83d\\ude00", "\\ufffd\\ud83d\\ude00")]
    [InlineData("\\\\ud83d", "\\\\ud83d")]
    [InlineData("\\ud83", "\\ud83")]
    [InlineData("\\ud83d\\n\\ude00", "\\ufffd\\n\\ufffd")]
    [InlineData("\\", "\\")]
    public void A_half_of_a_pair_is_replaced_and_nothing_else_is(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        HalfPairs.Replace<byte>(bytes);

        HalfPairs.Replace(text).ShouldBe(expected);
        Encoding.UTF8.GetString(bytes).ShouldBe(expected);
    }

    [Theory]
    [InlineData("a😀b", 2, "a")]
    [InlineData("a😀b", 3, "a😀")]
    [InlineData("😀", 1, "")]
    [InlineData("ab", 5, "ab")]
    [InlineData("ab", 0, "")]
    public void A_cut_splits_no_pair(string text, int max, string expected) => Cutting.Cut(text, max).ShouldBe(expected);

    [Fact]
    public async Task An_event_with_half_a_pair_is_recorded_and_its_visitor_is_shown()
    {
        await using var site = await SandboxSite.StartAsync();
        var map = Uri.EscapeDataString($$"""{"{{Half}}gold":1}""");

        using var taken = await site.FromServerAsync(
            $"eventType=customData&index=1&overwrite=true&valuesCountMap={map}&nonce={Nonce()}&visitorCode=anna", Page().Of("anna"));

        taken.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await site.TextAsync("live/facts?visitor=anna")).ShouldContain("gold");
        (await site.TextAsync("live/visitor?code=anna")).ShouldContain("anna");
        (await site.JsonAsync("visit/visitor?visitorCode=anna&currentVisit=true&customData=true"))
            .GetProperty("currentVisit").GetProperty("customDataEvents")[0].GetProperty("data").GetProperty("valuesCountMap")
            .EnumerateObject().Single().Name.ShouldBe("\ufffdgold");
    }

    [Fact]
    public async Task Maps_flags_scores_and_projects_with_half_a_pair_lose_it_alone()
    {
        await using var site = await SandboxSite.StartAsync();

        using var maps = await site.PostAsync("map/maps?siteCode=s", $$$"""{"{{{Half}}}a":{"x":"{{{Half}}}"},"b":{"y":1}}""");
        using var scores = await site.ControlAsync("PUT", "control/scores/kcs/anna", $$"""{"1":"{{Half}}"}""");
        using var flag = await site.ControlAsync(
            "PUT", "control/flags/checkout", $$"""{ "forced": [{ "variation": "on", "visitor": "{{Half}}" }] }""");
        using var fault = await site.ControlAsync("PUT", "control/faults/events", $$"""{ "body": "{{Half}}", "times": 1 }""");
        using var project = await site.ControlAsync(
            "PUT", "control/project", $$$"""{ "comment": "{{{Half}}}", "flags": { "a{{{Half}}}": { "variations": { "on": {} } } } }""");

        foreach (var answer in (HttpResponseMessage[])[maps, scores, flag, fault, project])
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.NoContent, answer.RequestMessage!.RequestUri!.ToString());
        }

        (await site.TextAsync("map/map?key=b")).ShouldBe("""{"y":1}""");
        (await site.JsonAsync($"map/maps?keys={Uri.EscapeDataString($"[\"{Half}\",\"b\"]")}")).GetProperty("b").GetProperty("y").GetInt32().ShouldBe(1);
        (await site.JsonAsync("v3/s")).GetProperty("featureFlags")[0].GetProperty("featureKey").GetString().ShouldBe("a\ufffd");
        (await site.StateAsync()).GetProperty("flags").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("%20")]
    [InlineData("%09%0D%0A")]
    [InlineData("")]
    public async Task White_space_before_the_JSON_of_a_field_hides_no_half_of_a_pair(string space)
    {
        await using var site = await SandboxSite.StartAsync();
        string Json(string json) => space + Uri.EscapeDataString(json);

        using var product = await site.FromEngineAsync(
            "anna", $"eventType=product&ean=1&data={Json($$"""{"name":"{{Half}}shoe","{{Half}}":1}""")}&nonce={Nonce()}");
        using var slot = await site.FromEngineAsync(
            "anna",
            Page(),
            $"eventType=customData&index=1&overwrite=true&mappingIdentifier=true&valuesCountMap={Json($$"""{"{{Half}}gold":1}""")}&nonce={Nonce()}",
            Exposure());

        (product.StatusCode, slot.StatusCode).ShouldBe((HttpStatusCode.NoContent, HttpStatusCode.NoContent));
        (await site.StateAsync()).GetProperty("events").GetArrayLength().ShouldBe(4);
        (await site.JsonAsync("products/search?query=shoe")).GetProperty("products_total").GetInt32().ShouldBe(1);
        (await site.TextAsync("live/facts?visitor=anna")).ShouldContain("gold");
        (await site.TextAsync("live/visitor?code=anna")).ShouldContain("anna");
    }

    [Theory]
    [InlineData("products/interactions?eans=[\"{0}\"]")]
    [InlineData("products/data?eans=[\"{0}\",\"1\"]")]
    [InlineData("products/recommendations?exclude=[\"{0}\"]&extended=1")]
    [InlineData("products/search?query={0}")]
    [InlineData("products/collections?collection={0}")]
    public async Task Half_a_pair_in_the_address_of_a_product_request_is_an_unknown_product(string address)
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromEngineAsync("anna", $"eventType=product&ean=1&data=%7B%22name%22%3A%22Shoe%22%7D&nonce={Nonce()}");

        using var answer = await site.GetAsync(address.Replace("{0}", Uri.EscapeDataString(Half), StringComparison.Ordinal));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonElement.Parse(await answer.Content.ReadAsStringAsync()).ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Theory]
    [InlineData("\"id\": 2,", "\"id\": 2, \"id\": 2,")]
    [InlineData("\"featureKey\": \"checkout\",", "\"featureKey\": \"checkout\", \"featureKey\": \"checkout\",")]
    [InlineData("\"configuration\": {},", "\"configuration\": {}, \"configuration\": {},")]
    [InlineData("\"configuration\": {},", "\"novelty\": \"\\ud83d\",")]
    [InlineData("\"configuration\": {},", "\"novelty\": { \"\\ud83d\": 1 },")]
    [InlineData("\"configuration\": {},", "")]
    public async Task A_data_file_with_members_that_stand_twice_or_halves_of_pairs_is_shown_and_edited(string part, string other)
    {
        await using var site = await SandboxSite.StartAsync(dataFile: TestData.Json.Replace(part, other, StringComparison.Ordinal));

        using var changed = await site.ControlAsync(
            "PUT", "control/flags/checkout", """{"enabled":true,"forced":[{"variation":"on","visitor":"anna"}]}""");

        changed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await site.StateAsync()).GetProperty("flags").GetArrayLength().ShouldBe(1);
        (await site.TextAsync("live/explain?flag=checkout&visitor=anna")).ShouldStartWith("checkout for anna is on (Rule)");
        (await site.TextAsync("engine.js")).ShouldNotBeEmpty();
    }
}
