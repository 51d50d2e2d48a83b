using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The recorded runs of the Go SDK.</summary>
internal static class GoStories
{
    private const string Recording = "go-3.18";
    private const string Visitor = "govisitor0000001";
    private const string OddAgent = "Mozilla/5.0 (X; é) a&b";

    internal static Story[] All =>
        [Everything(), RealTime(), Consent("unknown", null), Consent("not given", false), Consent("given", true), Token()];

    internal static CustomData[] Metadata =>
        [new(5, "Credit \"Card\""), new(5, "twice"), new("plan", "a", "b"), new("nobody-knows-this", "x")];

    internal static Geolocation Paris => new("France", "Île-de-France", "Paris", "75001", 48.8566, 2.3522);

    /// <summary>As in the run of an SDK by that name.</summary>
    internal static Action<KameleoonOptions> As(string sdk, string version, string? environment = null) => options =>
    {
        (options.SdkName, options.SdkVersion, options.Environment) = (sdk, version, environment);
        (options.ClientId, options.ClientSecret) = ("my-client-id", "my secret&=");
        options.NetworkDomain = "kam.localhost";
    };

    /// <summary>All but the request for a token, which carries the secret in its body there; the newer recordings send it in
    /// a header, as ours.</summary>
    internal static IEnumerable<WireRequest> WithoutToken(IEnumerable<WireRequest> all) => all.Where(request => !request.IsToken);

    private static Story Everything() => AddRemoteData(AddDecisions(Data()));

    private static Story Data() => new Story(Recording, As("GO", "3.18.0", "staging")) { Common = WithoutToken }
        .Sends("01 configuration fetch, environment=staging", _ => { })
        .LeavesOut("02a generated code", "It is by chance; the codes of ours are compared in GeneratedCodeTests.")
        .LeavesOut("02b Set-Cookie (transport stubbed; attributes set by the SDK)", "Its transport was stubbed; GoldenCookieTests compares whole headers.")
        .Sends("03 page view", Visitor, v => v.AddData(new PageView("https://shop.example/a b?x=1&y=é+1*~'()!", "Hello & welcome", [3, 7])))
        .Sends("04 page view without title", Visitor, v => v.AddData(new PageView("https://shop.example/plain")))
        .Sends("05 conversion revenue", Visitor, v => v.TrackConversion(55, 10.5m))
        .Sends("06 conversion negative", Visitor, v => v.TrackConversion(55, -10, negative: true))
        .Sends("07 conversion no revenue", Visitor, v => v.TrackConversion(56))
        .Sends("08 conversion metadata", Visitor, v => v.TrackConversion(56, metadata: Metadata))
        .Sends("09 custom data two values", Visitor, v => v.AddData(new CustomData(1, "gold", "o\"k\\")))
        .Sends("10 custom data overwrite=false", Visitor, v => v.AddData(new CustomData(1, "silver") { Overwrite = false }))
        .Sends("11 custom data by name", Visitor, v => v.AddData(new CustomData("plan", "bronze")))
        .Sends("12 custom data unknown name", Visitor, v => v.AddData(new CustomData("nobody-knows-this", "x")))
        .Sends("13 local-only custom data", Visitor, v => v.AddData(new CustomData(2, "secret")))
        .Sends("14 browser", Visitor, v => v.AddData(new Browser(BrowserType.Safari, 16.5f)))
        .Sends("15 device", Visitor, v => v.AddData(new Device(DeviceType.Phone)))
        .Sends("16 operating system", Visitor, v => v.AddData(new VisitorOperatingSystem(OperatingSystemType.Ios)))
        .Sends("17 geolocation", Visitor, v => v.AddData(Paris))
        .Sends("18 geolocation country only", Visitor, v => v.AddData(new Geolocation("France")))
        .Sends("19 cookie and application version", Visitor, v => v.AddData(new CookieData([new("a", "b")]), new ApplicationVersion("1.2")))
        .Sends("20 user agent + page + conversion", Visitor, v =>
        {
            v.AddData(new UserAgent(OddAgent), new PageView("https://shop.example/1"));
            v.TrackConversion(57);
        });

    private static Story AddDecisions(Story story) => story
        .Shows("21a variations", site => site.For(Visitor).GetVariations(track: false).ToDictionary(pair => pair.Key, pair => pair.Value.Key, StringComparer.Ordinal))
        .Shows("21b engine tracking code", site => site.EngineCode(Visitor))
        .Sends("21 evaluation of two flags, sent by the interval", Visitor, v => v.GetVariations())
        .Sends("22 same flag evaluated again with tracking", Visitor, v => v.GetVariation("checkout"))
        .LeavesOut(
            "23 tracked evaluation followed at once by track=false of the same flag",
            "It loses the exposure; ours sends it, see ExposureOwnerTests.A_look_after_a_tracked_decision_does_not_cancel_the_exposure.")
        .Sends("24 evaluateAudiences", Visitor, v => v.EvaluateAudiences())
        .Shows("25 engine tracking code after more than 5 s", site => site.For(Visitor).GetEngineTrackingCode())
        .Sends("26 mapping identifier on anonymous visitor", "anon1", v => v.AddData(new CustomData(3, "user-77")))
        .LeavesOut(
            "27 unique identifier: mappingValue",
            "Its first line has no event type, so that the platform cannot read it; step 21 of php-4.20 is the same story.")
        .Sends("28 unique identifier without anonymous visitor", "lonely", v =>
        {
            v.AddData(new UniqueIdentifier(true));
            v.TrackConversion(59);
        })
        .Sends("29 flush of a visitor that does not exist", "unknownvisitor", _ => { });

    private static Story AddRemoteData(Story story) => story
        .Sends("30 remote visitor data, default filter", site => site.For(Visitor).GetRemoteVisitorDataAsync())
        .LeavesOut("31a returned data", "They are texts of that SDK's types; RemoteDataTests.RD_2 compares the same values.")
        .Sends("31 remote visitor data, everything", site => site.For("v2").GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All))
        .Sends("32 flush after remote data", "v2", _ => { })
        .Sends("33 remote data", site => site.For(Visitor).GetRemoteDataAsync("some key/1"))
        .Sends("34 warehouse audience", site => site.For(Visitor).GetVisitorWarehouseAudienceAsync(8, "wk-1"))
        .LeavesOut("35a waited ms before recovery", "It is how long the recording waited, which nobody can see on the wire.")
        .Sends("35 tracking answered 500, then recovered", site =>
        {
            site.Platform.AnswerTrackingWith([.. Enumerable.Repeat(HttpStatusCode.InternalServerError, 4)]);
            site.For("fail1").TrackConversion(1);
            return site.SentAsync(5);
        })
        .Sends("36 tracking answered 403 (bot): no retry", site =>
        {
            site.For("bot1").TrackConversion(1);
            return site.RefusedAsync("bot1", HttpStatusCode.Forbidden);
        })
        .LeavesOut(
            "37 tracking answered 401 with a token",
            "It waits 5 s before it asks for a new token, ours does not; see TrackingSenderTests.A_refused_token_is_replaced_once_and_the_events_arrive.");

    private static Story RealTime() =>
        new Story(
            Recording,
            As("GO", "3.18.0") + (options => options.Configuration.Mode = ConfigurationMode.Automatic),
            RecordedTraffic.DataFile.Replace("\"realTimeUpdate\": false", "\"realTimeUpdate\": true", StringComparison.Ordinal))
        .Sends(
            "38 real-time: configuration, SSE and refetch with ts; stream ended by the server every 2 s",
            async site =>
            {
                await site.Stream.AnnounceAsync(1762164000000);
                await site.Platform.UntilAsync(sent => sent.Url.Query.Contains("ts=", StringComparison.Ordinal));
            },
            // Ours asks for the data file once more when the stream opens; what failed in step 37 is sent in between.
            all => all.Where(request => !request.IsToken && !request.IsTracking).DistinctBy(request => request.Url))
        .LeavesOut("38a update callbacks", "How often the stream was opened depends on how long it was recorded; StreamTests counts ours.");

    private static Story Consent(string state, bool? answer)
    {
        var visitor = "consent" + state.Replace(" ", "", StringComparison.Ordinal);
        return new Story(Recording, As("GO", "3.18.0"), RecordedTraffic.DataFileWithConsent) { Common = WithoutToken }
            .LeavesOut($"39 consent {state}: cookie after GetVisitorCode", "Its transport was stubbed; GoldenCookieTests compares whole headers.")
            .Shows($"40 consent {state}: variations", site =>
            {
                var client = site.For(visitor);
                if (answer is { } given)
                {
                    client.SetLegalConsent(given);
                }

                client.AddData(new PageView("https://shop.example/c"), new CustomData(1, "x"), new Conversion(60, 5));
                return $"{client.GetVariation("checkout").Key} {client.GetVariation("banner").Key}";
            })
            .Shows($"41 consent {state}: code", site => site.EngineCode(visitor))
            .Sends($"42 consent {state}: flushed", visitor, _ => { });
    }

    private static Story Token() => new Story("go-3.20-token", As("GO", "3.20.0"))
        .Sends(
            "start, conversion flushed, mapping identifier flushed twice",
            async site =>
            {
                site.For("v1").TrackConversion(1);
                await site.FlushAsync("v1");
                site.For("anon1").AddData(new CustomData(3, "user-77"));
                await site.FlushAsync("anon1");
            },
            // The query of its token request is a slip, php-4.23 shows what was meant; its last line lacks the nonce.
            all => all.Where(request => !request.IsToken && !request.Lines.Any(line => !line.Contains("nonce=", StringComparison.Ordinal))));
}
