namespace Kameleoon.Hybrid.Tests;

/// <summary>The recorded run of the JavaScript SDK. What differs by the rules of a browser is taken off first.</summary>
internal static class JavaScriptStories
{
    private const string Recording = "js-4.17";
    private const string Visitor = "jsvisitor0000001";
    private const string OddAgent = "Mozilla/5.0 (X; é) a&b";
    private const string NewNonces = "It makes new nonces when it sends again, so that events count twice; step 35 of go-3.18 is the same story.";

    // What that SDK says by itself of the browser it runs in.
    private static readonly string[] Automatic =
    [
        "&timeSincePreviousVisit=", "eventType=staticData&os=WINDOWS", "eventType=staticData&deviceType=DESKTOP",
        "eventType=staticData&browser=CHROME", "eventType=page&href=https%3A%2F%2Fshop.example%2F&title=T",
    ];

    internal static Story[] All => [Everything()];

    private static Story Everything() =>
        new Story(
            Recording,
            options => (options.SdkName, options.SdkVersion, options.Environment) = ("javascript", "4.17.1", "staging"))
        {
            IsOrdered = false,
            Reading = AsServer,
        }
        .Sends("01 configuration", _ => { })
        .LeavesOut("visitorCode", "It is the code the recording was given.")
        .LeavesOut("cookieWrites", "A script writes it, which can set less; GoldenCookieTests compares a server's headers.")
        .Sends("02 page view", Visitor, v => v.AddData(new PageView("https://shop.example/a b?x=1&y=é", "Hello & welcome", [3, 7])))
        .Sends("03 conversion revenue", Visitor, v => v.TrackConversion(55, 10.5m))
        .Sends("04 conversion negative metadata", Visitor, v => v.TrackConversion(
            55, -10, negative: true, metadata: [new("plan", "a", "b"), new(5, "Credit \"Card\"")]))
        .Sends("05 custom data", Visitor, v => v.AddData(new CustomData(1, "gold", "o\"k\\")))
        .Sends("06 custom data overwrite false", Visitor, v => v.AddData(new CustomData(1, "silver") { Overwrite = false }))
        .Sends("07 browser device os", Visitor, v => v.AddData(
            new Browser(BrowserType.Safari, 16.5f), new Device(DeviceType.Phone), new VisitorOperatingSystem(OperatingSystemType.Ios)))
        .Sends("08 geolocation", Visitor, v => v.AddData(GoStories.Paris))
        .LeavesOut("09 nothing new", "It repeats its summary of the browser; servers send an activity line, as in step 29 of go-3.18.")
        .Sends("10 user agent then two lines", Visitor, v =>
        {
            v.AddData(new UserAgent(OddAgent), new PageView("https://shop.example/1"));
            v.TrackConversion(57);
        })
        .Shows("variation", site => new { v = Variation(site, "checkout"), w = Variation(site, "banner") })
        .Shows("code", site => site.EngineCode(Visitor))
        .Sends("11 evaluation of two flags, sent by the interval", Visitor, v => v.GetVariations())
        .Sends("12 same flag evaluated again", Visitor, v => v.GetVariation("checkout"))
        .Sends("13 evaluated with track=false", site => _ = site.For(Visitor).GetVariation("checkout", track: false))
        .Sends("14 evaluateAudiences", Visitor, v => v.EvaluateAudiences())
        .Sends("15 mapping identifier", "anon1", v => v.AddData(new CustomData(3, "user-77")))
        .LeavesOut("16 unique identifier", "It tells the link once only; the other SDKs and ours repeat it, as in step 21 of php-4.20.")
        .Sends("17 remote visitor data default", site => site.For(Visitor).GetRemoteVisitorDataAsync())
        .Sends("18 remote visitor data all", site => site.For("v2").GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All))
        .Sends("19 remote data", site => site.For(Visitor).GetRemoteDataAsync("some key/1"))
        .LeavesOut("20 tracking answered 500: retries (at = ms since start)", NewNonces)
        .LeavesOut("21 after recovery", NewNonces)
        .Shows("codeAfter5s", site => site.For(Visitor).GetEngineTrackingCode());

    private static object Variation(StorySite site, string flag)
    {
        var variation = site.For(Visitor).GetVariation(flag, track: false);
        return new { name = variation.Name, key = variation.Key, id = variation.Id, experimentId = variation.ExperimentId };
    }

    // It does not encode the user agent, names the browser besides its number, and leaves version 0 and an idle bodyUa out.
    private static WireRequest AsServer(WireRequest request) => request with
    {
        Url = request switch
        {
            { IsTracking: true } when !request.Url.Query.Contains("bodyUa", StringComparison.Ordinal) => new(request.Url + "&bodyUa=true"),
            { Url.AbsolutePath: "/visit/visitor" } => new(request.Url + "&version=0"),
            _ => request.Url,
        },
        Body = string.Join('\n', request.Lines
            .Where(line => !Array.Exists(Automatic, part => line.Contains(part, StringComparison.Ordinal)))
            .Select(line => line
                .Replace(OddAgent, Uri.EscapeDataString(OddAgent), StringComparison.Ordinal)
                .Replace("browser=SAFARI&", "", StringComparison.Ordinal))),
    };
}
