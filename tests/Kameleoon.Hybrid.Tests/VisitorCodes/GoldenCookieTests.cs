using System.Text.Json;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The visitor code's cookie is written as the PHP SDK was recorded to write it, and where it is not.</summary>
public sealed class GoldenCookieTests
{
    private const string Recording = "php-4.20-cookies";
    private const string Delivers = "consent REQUIRED, an enabled flag has a targeted delivery rule: first visit";

    /// <summary>Cases that differ, and why.</summary>
    private static readonly Dictionary<string, string> LeftOut = new(StringComparer.Ordinal)
    {
        ["no cookie, default code"] = "It escapes the code, which the browser engine reads as another one; ours writes it raw.",
        ["no cookie, default code with blanks and plus"] = "It escapes what no cookie can hold; ours makes a new code instead.",
        ["encoded cookie"] = "It unescapes the code, which the browser engine does not; ours keeps what both read.",
    };

    private static readonly string[] Told =
    [
        "no cookie",
        "cookie present: renewed",
        "cookie wins over default",
        "simulation: variation 7889 of experiment 123456",
        "simulation: expId 0",
        "simulation: unknown flag ignored",
        "consent REQUIRED, no targeted delivery: first visit",
        "consent REQUIRED, no targeted delivery: cookie already there (not renewed)",
        "consent REQUIRED, no targeted delivery: SetLegalConsent(true)",
        "consent REQUIRED, no targeted delivery: SetLegalConsent(false), cookie there (not deleted)",
        Delivers,
    ];

    public static IEnumerable<string> Known => Told.Concat(LeftOut.Keys).Select(name => $"{Recording}: {name}");

    public static TheoryData<string> Compared { get; } = [.. Told];

    [Theory]
    [MemberData(nameof(Compared))]
    public async Task The_same_visit_has_the_same_cookie(string name)
    {
        var recorded = RecordedTraffic.Steps(Recording)[name];
        await using var site = await TestSite.StartAsync(
            options =>
            {
                options.Cookie.Domain = "example.com";
                options.Consent.RemoveCookie = false;
                options.Simulation = SimulationPolicy.On;
                options.DefaultVisitorCode = _ => recorded.GetProperty("calls").GetString()!.Contains("'other'", StringComparison.Ordinal) ? "other" : null;
            },
            map: Map,
            platform: DataFiles.Serving(DataFileOf(name)));

        var cookie = recorded.GetProperty("requestCookie").GetString();
        using var response = await site.GetAsync(
            PathOf(recorded.GetProperty("calls").GetString()!),
            [("Host", "www.example.com"), .. cookie is null ? (ReadOnlySpan<(string, string)>)[] : [("Cookie", cookie)]]);

        var body = await response.Content.ReadAsStringAsync();
        var code = body.Split(' ')[0];
        var returned = recorded.GetProperty("returned").GetString()!;
        var theirs = returned.Split(' ')[0];
        (cookie is null ? body : body.Replace(code, theirs, StringComparison.Ordinal)).ShouldBe(cookie is null ? code : returned);
        if (cookie is not null)
        {
            code.ShouldBe(theirs);
        }

        Cookies(response).Select(header => Parts(header, code)).ShouldBe(recorded.GetProperty("setCookie").EnumerateArray()
            .Select(header => Parts(header.GetString()!, theirs)));
    }

    private static string DataFileOf(string name) => !name.StartsWith("consent", StringComparison.Ordinal)
        ? RecordedTraffic.DataFile
        : name == Delivers
            ? RecordedTraffic.DataFileWithConsent
            : RecordedTraffic.DataFileWithConsent.Replace("TARGETED_DELIVERY", "EXPERIMENTATION", StringComparison.Ordinal);

    private static string PathOf(string calls) =>
        calls.Contains("getVariation(", StringComparison.Ordinal) ? "/variation"
        : calls.Contains("setLegalConsent(code, true)", StringComparison.Ordinal) ? "/consent/true"
        : calls.Contains("setLegalConsent(code, false)", StringComparison.Ordinal) ? "/consent/false"
        : "/code";

    private static void Map(WebApplication app)
    {
        app.MapGet("/code", (IKameleoonClient client) => client.GetVisitorCode());
        app.MapGet("/consent/{given}", (bool given, IKameleoonClient client) =>
        {
            client.SetLegalConsent(given);
            return client.GetVisitorCode();
        });
        app.MapGet("/variation", (IKameleoonClient client) =>
        {
            var variation = client.GetVariation("checkout", track: false);
            return $"{client.GetVisitorCode()} {variation.Key} {JsonSerializer.Serialize(variation.Id)}";
        });
    }

    private static IEnumerable<string> Cookies(HttpResponseMessage response) =>
        (response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
            .Where(header => header.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal));

    // The code is by chance where there was none, and the time is the clock's: the lifetime says as much.
    private static string Parts(string header, string code)
    {
        var parts = header.Split("; ");
        parts[0].ShouldBe("kameleoonVisitorCode=" + code);
        return string.Join("; ", parts.Skip(1).Select(part => part.ToUpperInvariant())
            .Where(part => !part.StartsWith("EXPIRES=", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }
}
