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
        { "POST", "visit/events?siteCode=s&engine=true&visitorCode=anna", "eventType=product&ean=1&action=cart&quantity=2&data=%20%7B%22name%22%3A%22%5Cud83d%5Cude00%22%7D&nonce=0123456789ABCDEA" },
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

        foreach (var page in (string[])["live/state", "live/facts?visitor=anna", "live/visitor?code=anna", "control/hits", "engine.js", "control/faults", "products/search?query=1&extended=1", "products/recommendations?extended=1&visitorCode=anna"])
        {
            using var shown = await site.GetAsync(page);
            shown.StatusCode.ShouldBe(HttpStatusCode.OK, page);
        }

        using var history = await site.GetAsync("visit/visitor?visitorCode=anna&currentVisit=true&customData=true&conversion=true&page=true&kcs=true&cbs=true");
        JsonElement.Parse(await history.Content.ReadAsStringAsync()).ValueKind.ShouldBe(JsonValueKind.Object);
    }

    /// <summary>Addresses with a query string.</summary>
    public static TheoryData<string, string> Queries { get; } = new()
    {
        { "products/interactions", """eans=["1","2"]&timeBegin=1700000000000&timeEnd=1800000000000""" },
        { "products/data", """eans=["1","2"]""" },
        { "products/recommendations", """visitorCode=anna&exclude=["1"]&item=2&extended=1&limit=5&code=x""" },
        { "products/search", "query=shoe&limit=5" },
        { "map/maps", """keys=["a","b"]&siteCode=s""" },
        { "map/map", "key=a&siteCode=s" },
        { "visit/visitor", "visitorCode=anna&currentVisit=true&customData=true&conversion=true&page=true&kcs=true&cbs=true&maxNumberPreviousVisits=2&staticData=true" },
        { "live/explain", """flag=checkout&visitor=anna&customData=plan=gold&visitStart=2026-01-31T12:00:00Z&earlierVisit=2026-01-30&assignment=77=701@2026-01-31&pageViews=3&score=1/2=0.5&simulation={"checkout":{"expId":77,"varId":701}}""" },
        { "live/facts", "visitor=anna" },
        { "live/visitor", "code=anna" },
        { "live/chart", "experiment=77&goal=5" },
        { "live/state", "events=5" },
        { "control/hits", "endpoint=events" },
        { "v3/s", "environment=production&ts=1" },
        { "engine.js", "siteCode=s" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task No_query_string_makes_the_sandbox_fail(string address, string seed)
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromEngineAsync("anna", Exposure(), $"eventType=product&ean=1&data=%7B%22name%22%3A%22Shoe%22%7D&nonce={Nonce()}");
        var dice = new Random(18_000 + seed.Length);
        for (var round = 0; round < 100; round++)
        {
            var query = string.Concat(Mutated(Encoding.UTF8.GetBytes(seed), dice).Select(Encoded));

            using var answer = await site.GetAsync($"{address}?{query}");

            ((int)answer.StatusCode).ShouldBeLessThan(500, $"Round {round}: {query}");
        }
    }

    /// <summary>Files of a project, and a data file of the platform.</summary>
    public static TheoryData<string> Files { get; } =
    [
        TestData.Json,
        """{"flags":{"checkout":{"variations":{"off":{},"on":{"variables":{"a":1}}},"default":"off","rules":[{"split":{"off":1,"on":1}}]}},"segments":{"s":{"all":[{"type":"PAGE_URL","url":"\ud83d\ude00","matchType":"EXACT"}]}}}""",
        """{"engine":{"flushMs":100,"triggers":[{"id":1,"name":"t"}]},"customData":{"plan":{"index":3}},"experiments":{"w":{"assignmentDays":3,"variations":{"reference":{},"b":{"weight":2,"js":"go()"}}}},"personalizations":{"p":{"priority":1,"capping":{"global":3},"variations":{"b":{"css":"a{}"}}}},"flags":{}}""",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task No_file_makes_the_sandbox_fail(string seed)
    {
        await using var site = await SandboxSite.StartAsync(dataFile: seed);
        using var edit = await site.ControlAsync(
            "PUT", "control/flags/checkout", """{"enabled":true,"rules":{"2":{"traffic":0.5,"weights":{"on":1}}},"forced":[{"variation":"on","visitor":"anna"}]}""");
        var dice = new Random(19_000 + seed.Length);
        for (var round = 0; round < 100; round++)
        {
            var document = Mutated(Encoding.UTF8.GetBytes(seed), dice);
            await File.WriteAllBytesAsync(site.DataFile, document);

            foreach (var page in (string[])["v3/s", "live/state", "engine.js"])
            {
                using var shown = await site.GetAsync(page);
                shown.StatusCode.ShouldBe(HttpStatusCode.OK, $"Round {round}, {page}: {Convert.ToBase64String(document)}");
            }

            using var changed = await site.ControlAsync("PUT", "control/flags/checkout", """{"forced":[{"variation":"on","visitor":"anna"}]}""");
            ((int)changed.StatusCode).ShouldBeLessThan(500, $"Round {round}: {Convert.ToBase64String(document)}");
            using var visit = await site.FromEngineAsync("anna", Exposure());
            visit.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
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

    private static string Encoded(byte one) => char.IsAsciiLetterOrDigit((char)one) || one is (byte)'&' or (byte)'=' or (byte)'%'
        ? ((char)one).ToString()
        : $"%{one:X2}";

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
