#pragma warning disable CA5394 // A seeded loop has to repeat its numbers.
using System.Net;
using System.Text;
using System.Text.Json;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>Texts that JSON allows and .NET refuses, and bodies that nothing sends on purpose.</summary>
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

    /// <summary>Seeds of bodies, and where they are sent.</summary>
    public static TheoryData<string, string, string> Seeds { get; } = new()
    {
        { "PUT", "control/flags/checkout", """{"enabled":false,"rules":{"2":{"traffic":0.5,"weights":{"on":1}}},"forced":[{"variation":"on","visitor":"anna"}]}""" },
        { "PUT", "control/faults/ip", """{"delayMs":0,"status":503,"body":"x","retryAfter":5,"drop":false,"times":2}""" },
        { "PUT", "control/scores/kcs/anna", """{"41":{"6001":62.5}}""" },
        { "PUT", "control/project", """{"flags":{"a":{"variations":{"on":{}},"rules":[{"split":{"on":1}}]}},"segments":{"s":{"all":[{"type":"PAGE_URL","url":"a","matchType":"EXACT"}]}}}""" },
        { "PUT", "control/project", TestData.Json },
        { "POST", "map/maps?siteCode=s&ttlHours=1", """{"some key":{"warehouseAudiences":{"vip":1}},"b":{"x":"\ud83d\ude00"}}""" },
        { "POST", "visit/forget?siteCode=s", "anna\nben\n" },
        { "POST", "visit/events?siteCode=s&engine=true&visitorCode=anna", "eventType=customData&index=1&overwrite=true&valuesCountMap=%7B%22gold%22%3A1%7D&nonce=0123456789ABCDEF" },
        { "POST", "visit/events?siteCode=s&sdkName=PHP", "eventType=conversion&goalId=5&revenue=1e3&negative=false&metadata=%7B%221%22%3A%5B%22a%22%5D%7D&nonce=0123456789ABCDEE&visitorCode=anna" },
        { "POST", "visit/events?siteCode=s&sdkName=PHP&json=true", """[{"eventType":"page","href":"https://a.example/\u00e9","nonce":"0123456789ABCDED","visitorCode":"anna"}]""" },
        { "POST", "live/explain", "flag=checkout&visitor=anna&customData=plan%3Dgold&cookie=a%3Db&pageViews=3" },
    };

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task No_body_makes_the_sandbox_fail(string method, string address, string seed)
    {
        await using var site = await SandboxSite.StartAsync();
        var dice = new Random(17_000 + seed.Length);
        for (var round = 0; round < 150; round++)
        {
            var body = Mutated(Encoding.UTF8.GetBytes(seed), dice);
            using var request = new HttpRequestMessage(new HttpMethod(method), address)
            {
                Headers = { { "X-Kameleoon-Sandbox", "1" } },
                Content = new ByteArrayContent(body),
            };

            using var answer = await site.Http.SendAsync(request);

            ((int)answer.StatusCode).ShouldBeLessThan(500, $"Round {round}: {Convert.ToBase64String(body)}");
        }

        foreach (var page in (string[])["live/state", "live/facts?visitor=anna", "live/visitor?code=anna", "control/hits", "engine.js", "control/faults"])
        {
            using var shown = await site.GetAsync(page);
            shown.StatusCode.ShouldBe(HttpStatusCode.OK, page);
        }

        using var history = await site.GetAsync("visit/visitor?visitorCode=anna&currentVisit=true&customData=true&conversion=true&page=true&kcs=true&cbs=true");
        JsonElement.Parse(await history.Content.ReadAsStringAsync()).ValueKind.ShouldBe(JsonValueKind.Object);
    }

    private static byte[] Mutated(byte[] seed, Random dice)
    {
        string[] pieces =
        [
            "\\ud83d", "\\ude00", "\"", "{", "}", "[", "]", ",", ":", "null", "1e999", "-0", "99999999999999999999", "%ED%A0%80", "%00", "%", "\\", "\0",
            "&", "=", "\r\n", "\uFEFF", "😀", "true", "{\"\\ud800\":1}", "%7B%22%5Cud800%22%3A1%7D", "/*", "//", new string('[', 70),
        ];
        var body = new List<byte>(seed);
        for (var changes = dice.Next(1, 5); changes > 0; changes--)
        {
            var at = dice.Next(body.Count + 1);
            switch (dice.Next(4))
            {
                case 0:
                    body.InsertRange(at, Encoding.UTF8.GetBytes(pieces[dice.Next(pieces.Length)]));
                    break;
                case 1:
                    body.RemoveRange(at, Math.Min(dice.Next(8), body.Count - at));
                    break;
                case 2 when at < body.Count:
                    body[at] = (byte)dice.Next(256);
                    break;
                default:
                    var piece = Encoding.UTF8.GetBytes(pieces[dice.Next(pieces.Length)]);
                    body.RemoveRange(at, Math.Min(piece.Length, body.Count - at));
                    body.InsertRange(at, piece);
                    break;
            }
        }

        return [.. body];
    }
}
