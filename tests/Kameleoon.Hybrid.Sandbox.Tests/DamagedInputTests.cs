#pragma warning disable CA5394 // A seeded loop has to repeat its numbers.
using System.Net;
using System.Text;
using System.Text.Json;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>Bodies, query strings and files that were damaged at random.</summary>
public sealed class DamagedInputTests
{
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
