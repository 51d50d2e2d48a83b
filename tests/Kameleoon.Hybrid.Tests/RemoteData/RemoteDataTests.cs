using System.Net;
using System.Text.Json;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What the platform knows of a visitor, asked for as the official SDKs do and kept as they keep it.</summary>
public sealed class RemoteDataTests : IDisposable
{
    private static readonly string Recorded =
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "RemoteData", "visitor-response.json"));

    private readonly StubPlatform _platform = new() { Remote = (_, _) => Task.FromResult(StubPlatform.Json(Recorded)) };

    public void Dispose() => _platform.Dispose();

    public static TheoryData<RemoteVisitorDataFilter, string> Filters => new()
    {
        { RemoteVisitorDataFilter.Default, "maxNumberPreviousVisits=1&version=0&staticData=true&currentVisit=true&customData=true" },
        {
            RemoteVisitorDataFilter.All,
            "maxNumberPreviousVisits=25&version=0&staticData=true&currentVisit=true&customData=true&conversion=true&geolocation=true"
                + "&experiment=true&page=true&personalization=true&kcs=true&cbs=true"
        },
        {
            new RemoteVisitorDataFilter { CurrentVisit = false, CustomData = false, VisitorCode = false, Device = true },
            "maxNumberPreviousVisits=1&version=0&staticData=true"
        },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    [Spec("RD-1")]
    public async Task What_is_wanted_is_asked_for_and_nothing_else(RemoteVisitorDataFilter filter, string query)
    {
        await using var site = await StartAsync();

        await For(site, "a b").GetRemoteVisitorDataAsync(filter);

        Asked().ShouldHaveSingleItem().ShouldBe("/visit/visitor?siteCode=abcde12345&visitorCode=a%20b&" + query);
    }

    [Fact]
    [Spec("RD-2")]
    public async Task The_recorded_answer_says_what_it_says_to_the_official_sdks()
    {
        await using var site = await StartAsync();

        var history = await For(site).GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);

        history.VisitorCode.ShouldBe("prevcode00000001");
        history.CustomData.ShouldHaveSingleItem().Index.ShouldBe(1);
        history.CustomData[0].Values.ShouldBe(["gold"]);
        history.PageViews.ShouldHaveSingleItem().ShouldBe(
            new RemotePageView("https://shop.example/", "Home", 1, DateTimeOffset.FromUnixTimeMilliseconds(1762160002000)));
        history.Experiments.ShouldHaveSingleItem().ShouldBe(
            new RemoteAssignment(123456, 7889, DateTimeOffset.FromUnixTimeMilliseconds(1762160003000)));
        history.Personalizations.ShouldHaveSingleItem().Id.ShouldBe(77);
        history.Conversions.ShouldHaveSingleItem().ShouldBe(
            new RemoteConversion(55, 10.5m, false, DateTimeOffset.FromUnixTimeMilliseconds(1762160004000)));
        history.Geolocation.ShouldBe(new Geolocation("France", "IDF", "Paris"));
        history.Device.ShouldBe(new Device(DeviceType.Phone));
        history.Browser.ShouldBe(new Browser(BrowserType.Safari, 17.2f));
        history.OperatingSystem.ShouldBe(new VisitorOperatingSystem(OperatingSystemType.Ios));
        history.VisitNumber.ShouldBe(4);
        history.PreviousVisits.ShouldHaveSingleItem().Started.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1762000000000));
        history.Kcs[1][55].ShouldBe(0.7);
        history.Cbs[123456][7890].ShouldBe(0.9);
    }

    [Fact]
    [Spec("RD-3")]
    public async Task Only_the_visits_and_what_belongs_to_the_visitor_is_reported_afterwards()
    {
        _platform.DataFile = _ => StubPlatform.Json(DataFiles.Shop.Replace(
            "\"featureFlags\"",
            """
            "customData": [{ "id": 1, "index": 1, "name": "tier", "scope": "VISITOR" }, { "id": 2, "index": 2, "name": "mood", "scope": "VISIT" }],
            "featureFlags"
            """,
            StringComparison.Ordinal));
        await using var site = await StartAsync();
        var client = For(site);

        await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);
        await client.FlushAsync();

        var sent = await site.StopAndReadEventsAsync();
        sent.Select(line => line["eventType"]).ShouldBe(["staticData", "customData"]);
        var visits = sent.Single(line => line["eventType"] == "staticData");
        visits["visitNumber"].ShouldBe("4");
        long.Parse(visits["timeSincePreviousVisit"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        sent.Single(line => line["eventType"] == "customData")["valuesCountMap"].ShouldBe("""{"gold":1}""");
    }

    [Fact]
    public async Task What_was_loaded_before_is_neither_counted_nor_reported_again()
    {
        await using var site = await StartAsync();
        var client = For(site);

        await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);
        await client.FlushAsync();
        await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);
        await client.FlushAsync();

        Facts(site, "anna").PageViewCount.ShouldBe(1);
        (await site.StopAndReadEventsAsync()).Count(line => line.ContainsKey("visitNumber")).ShouldBe(1);
    }

    [Fact]
    [Spec("RD-4")]
    public async Task What_was_known_stays_and_the_conditions_know_the_rest()
    {
        await using var site = await StartAsync();
        var client = For(site);
        client.AddData(new CustomData(1, "silver"), new Geolocation("Spain"));

        await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);

        var facts = Facts(site, "anna");
        facts.GetCustomData(1).ShouldBe(["silver"]);
        facts.Location!.Value.Country.ShouldBe("Spain");
        facts.Browser!.Value.Type.ShouldBe(BrowserType.Safari);
        facts.PageViewCount.ShouldBe(1);
        facts.LatestPage!.Value.Title.ShouldBe("Home");
        facts.FindAssignment(123456)!.Value.VariationId.ShouldBe(7889);
        facts.HasConversion(55, DateTimeOffset.FromUnixTimeMilliseconds(1762160004000)).ShouldBeTrue();
        facts.HasConversion(55, DateTimeOffset.FromUnixTimeMilliseconds(1762160004001)).ShouldBeFalse();
        facts.HasPersonalization(77, DateTimeOffset.UnixEpoch).ShouldBeTrue();
        facts.HasPersonalization(78, DateTimeOffset.UnixEpoch).ShouldBeFalse();
        facts.PreviousVisits!.Count.ShouldBe(1);
        facts.GetLikelihood(1, 55).ShouldBe(0.7);
        facts.GetBanditScores(123456)![7889].ShouldBe(0.1);
        facts.MappingIdentifier.ShouldBe("prevcode00000001");
    }

    [Theory]
    [InlineData(true, "prevcode00000001")]
    [InlineData(false, null)]
    [Spec("RD-5")]
    public async Task Without_adding_only_the_code_is_taken_over_if_that_is_wanted(bool takesCode, string? mapping)
    {
        await using var site = await StartAsync();

        await For(site).GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All with { VisitorCode = takesCode }, addData: false);

        var facts = Facts(site, "anna");
        facts.MappingIdentifier.ShouldBe(mapping);
        facts.GetCustomData(1).ShouldBeNull();
        facts.FindAssignment(123456).ShouldBeNull();
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"previousVisits":[]}""")]
    [InlineData("""{"currentVisit":null,"previousVisits":[null],"kcs":null,"cbs":{"1":null}}""")]
    [InlineData("""{"currentVisit":{"timeStarted":9223372036854775807,"pageEvents":[null,{"time":-9223372036854775808,"data":null}]}}""")]
    [InlineData("""{"currentVisit":{"staticDataEvent":{"data":{"browser":"NETSCAPE","os":"?","deviceType":"FRIDGE"}},"news":[1]}}""")]
    [InlineData("""{"currentVisit":{"customDataEvents":[{"data":{"index":-1}}],"conversionEvents":[{"data":{"goalId":-5}}],"geolocationEvents":[{"data":{}}]}}""")]
    [Spec("RD-6")]
    public async Task An_answer_with_holes_says_nothing_and_breaks_nothing(string answer)
    {
        _platform.Remote = (_, _) => Task.FromResult(StubPlatform.Json(answer));
        await using var site = await StartAsync();

        var history = await For(site).GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);

        history.CustomData.ShouldBeEmpty();
        history.Conversions.ShouldBeEmpty();
        history.PageViews.ShouldBeEmpty();
        history.Browser.ShouldBeNull();
        For(site).GetVariation("checkout").Key.ShouldBe("on");
    }

    [Theory]
    [InlineData("""{"time":4,"data":{"index":1,"valuesCountMap":{"a\ud800b":1}}}""", 2, "a\ufffdb")]
    [InlineData("""{"time":4,"data":{"index":1,"valuesCountMap":{"\udfff\ud83d":1}}}""", 2, "\ufffd\ufffd")]
    [InlineData("""{"time":4,"data":{"index":1,"valuesCountMap":{"\ud83d\ude00":1}}}""", 2, "😀")]
    [InlineData("""{"time":4,"data":{"index":1,"valuesCountMap":{"gold":1e99}}}""", 1, null)]
    [InlineData("""{"time":4,"data":{"index":99999999999,"valuesCountMap":{"gold":1}}}""", 1, null)]
    [InlineData("""{"time":4,"data":{"index":1,"valuesCountMap":["gold"]}}""", 1, null)]
    [InlineData("""{"time":"soon","data":{"index":1,"valuesCountMap":{"gold":1}}}""", 1, null)]
    [InlineData("""{"time":4,"data":"gold"}""", 1, null)]
    [InlineData("7", 1, null)]
    [InlineData("[[{}]]", 1, null)]
    [Spec("RD-6")]
    public async Task A_value_that_cannot_be_read_loses_itself_and_not_the_rest(string bad, int kept, string? value)
    {
        var answer = """
            {
              "currentVisit": {
                "visitorCode": "half\udc00", "timeStarted": 1, "timeLastEvent": 2,
                "customDataEvents": [BAD, {"time":3,"data":{"index":5,"valuesCountMap":{"kept":1}}}],
                "pageEvents": [{"time":3,"data":{"href":"/\ud800","title":"\udc00"}}, {"time":2,"data":{"href":"/kept","title":7}}, {"time":1,"data":{"href":"/kept"}}],
                "conversionEvents": [{"time":3,"data":{"goalId":1e30}}, {"time":3,"data":{"goalId":9,"revenue":1e300}}, {"time":3,"data":{"goalId":5}}],
                "geolocationEvents": [{"time":3,"data":{"country":["France"]}}, {"time":2,"data":{"country":"\ud800"}}],
                "staticDataEvent": {"time":3,"data":{"visitNumber":"many","browser":"CHROME"}}
              },
              "previousVisits": [{"visitorCode":"a","timeStarted":{}}, "visit", {"visitorCode":"b","timeStarted":7,"timeLastEvent":8}],
              "kcs": {"one":{"2":0.5}},
              "cbs": {"1":{"2":0.5}}
            }
            """.Replace("BAD", bad, StringComparison.Ordinal);
        _platform.Remote = (_, _) => Task.FromResult(StubPlatform.Json(answer));
        await using var site = await StartAsync();

        var history = await For(site).GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);

        history.CustomData.Count.ShouldBe(kept);
        history.CustomData.Single(static data => data.Index == 5).Values.ShouldBe(["kept"]);
        history.CustomData.SingleOrDefault(static data => data.Index == 1)?.Values.ShouldBe([value!]);
        history.VisitorCode.ShouldBe("half\ufffd");
        history.PageViews.Select(static page => page.Address).ShouldBe(["/kept", "/\ufffd"]); // Latest first.
        history.Conversions.ShouldHaveSingleItem().GoalId.ShouldBe(5);
        history.Geolocation!.Country.ShouldBe("\ufffd");
        history.PreviousVisits.ShouldHaveSingleItem().Started.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(7));
        history.Kcs.ShouldBeEmpty();
        history.Cbs[1][2].ShouldBe(0.5);
        For(site).GetVariation("checkout").Key.ShouldBe("on");
    }

    [Fact]
    [Spec("RD-6")]
    public async Task An_answer_that_is_no_UTF8_is_read_up_to_its_bad_bytes()
    {
        byte[] answer =
        [
            .. """{"currentVisit":{"customDataEvents":[{"time":3,"data":{"index":5,"valuesCountMap":{"a"""u8, 0xED, 0xA0, 0x80,
            .. """z":1}}}]}}"""u8,
        ];
        _platform.Remote = (_, _) => Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(answer) });
        await using var site = await StartAsync();

        var history = await For(site).GetRemoteVisitorDataAsync();

        history.CustomData.ShouldHaveSingleItem().Values.ShouldHaveSingleItem().ShouldStartWith("a\ufffd");
    }

    [Fact]
    [Spec("RD-6")]
    public async Task A_byte_order_mark_before_an_answer_is_skipped()
    {
        _platform.Remote = (_, _) => Task.FromResult(StubPlatform.Json("\ufeff{\"plan\":\"gold\"}"));
        await using var site = await StartAsync();

        (await For(site).GetRemoteDataAsync("plans")).GetProperty("plan").GetString().ShouldBe("gold");
    }

    [Fact]
    [Spec("RD-7")]
    public async Task A_call_takes_no_longer_than_the_setting_allows()
    {
        _platform.Remote = static async (_, gone) =>
        {
            await Task.Delay(Timeout.Infinite, gone);
            throw new InvalidOperationException("Never.");
        };
        await using var site = await StartAsync(options => options.Resilience.Remote.AttemptTimeout = TimeSpan.FromMilliseconds(100));

        await Should.ThrowAsync<TimeoutException>(() => For(site).GetRemoteVisitorDataAsync());

        For(site).GetVariation("checkout").Key.ShouldBe("on");
    }

    [Fact]
    public async Task Nobody_waits_for_a_browser_that_has_left()
    {
        var asked = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        _platform.Remote = async (_, gone) =>
        {
            asked.SetResult();
            await using var registration = gone.Register(left.SetResult);
            await Task.Delay(Timeout.Infinite, gone);
            throw new InvalidOperationException("Never.");
        };
        await using var site = await StartAsync(map: app => app.MapGet("/", async (IKameleoonClient client) =>
            (await client.GetRemoteVisitorDataAsync()).VisitNumber));
        using var browser = new CancellationTokenSource();
        site.Http.DefaultRequestHeaders.Add("Cookie", "kameleoonVisitorCode=anna");

        var page = site.Http.GetAsync(new Uri("/", UriKind.Relative), browser.Token);
        await asked.Task;
        await browser.CancelAsync();

        await left.Task.WaitAsync(HangGuard.Timeout);
        await Should.ThrowAsync<OperationCanceledException>(() => page);
    }

    [Fact]
    [Spec("RD-8")]
    public async Task A_refused_token_is_replaced_and_the_refusal_disposed_of()
    {
        var answers = 0;
        using var refusal = new MemoryStream();
        _platform.Remote = (_, _) => Task.FromResult(answers++ == 0
            ? new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = new StreamContent(refusal) }
            : StubPlatform.Json(Recorded));
        await using var site = await StartAsync(options => (options.ClientId, options.ClientSecret) = ("id", "secret"));

        (await For(site).GetRemoteVisitorDataAsync()).VisitorCode.ShouldBe("prevcode00000001");

        Asked().Count.ShouldBe(2);
        refusal.CanRead.ShouldBeFalse();
    }

    [Fact]
    public async Task A_body_that_cannot_be_decompressed_is_a_failed_request()
    {
        _platform.Remote = (_, _) => throw new InvalidDataException("The archive entry was compressed using an unsupported method.");
        await using var site = await StartAsync();

        await Should.ThrowAsync<HttpRequestException>(() => For(site).GetRemoteVisitorDataAsync());
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task A_refusal_is_the_caller_s_to_handle_after_one_attempt(HttpStatusCode status)
    {
        _platform.Remote = (_, _) => Task.FromResult(new HttpResponseMessage(status));
        await using var site = await StartAsync();

        (await Should.ThrowAsync<HttpRequestException>(() => For(site).GetRemoteVisitorDataAsync())).StatusCode.ShouldBe(status);

        Asked().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, "anna", """{"warehouseAudiences":{"vip":true,"gold":1}}""", "vip,gold")]
    [InlineData("key/1", "key%2F1", """{"warehouseAudiences":{}}""", "")]
    [InlineData(null, "anna", """{"other":1}""", null)]
    [InlineData(null, "anna", "[1]", null)]
    [Spec("RD-9")]
    public async Task The_warehouse_s_audiences_become_custom_data(string? key, string asked, string map, string? audiences)
    {
        _platform.Remote = (_, _) => Task.FromResult(StubPlatform.Json(map));
        await using var site = await StartAsync();

        var data = await For(site).GetVisitorWarehouseAudienceAsync(8, key);

        Asked().ShouldHaveSingleItem().ShouldBe("/map/map?siteCode=abcde12345&key=" + asked);
        (data is null ? null : string.Join(',', data.Values)).ShouldBe(audiences);
        string.Join(',', Facts(site, "anna").GetCustomData(8) ?? []).ShouldBe(audiences ?? "");
    }

    [Fact]
    public async Task A_map_is_given_as_it_is()
    {
        _platform.Remote = (_, _) => Task.FromResult(StubPlatform.Json("""{"a":[1,"x"]}"""));
        await using var site = await StartAsync();

        var map = await For(site).GetRemoteDataAsync("some key/1");

        map.GetProperty("a")[1].GetString().ShouldBe("x");
        Asked().ShouldHaveSingleItem().ShouldBe("/map/map?siteCode=abcde12345&key=some%20key%2F1");
    }

    [Fact]
    public async Task What_is_no_json_is_an_error_of_its_own()
    {
        _platform.Remote = (_, _) => Task.FromResult(StubPlatform.Json("<html>"));
        await using var site = await StartAsync();

        await Should.ThrowAsync<JsonException>(() => For(site).GetRemoteDataAsync("key"));
        await Should.ThrowAsync<JsonException>(() => For(site).GetRemoteVisitorDataAsync());
    }

    [Fact]
    [Spec("RD-10")]
    public async Task A_person_has_the_same_variations_on_two_devices()
    {
        _platform.DataFile = _ => StubPlatform.Json(DataFiles.Targeted("""{ "targetingType": "FIRST_VISIT" }"""));
        await using var site = await StartAsync();
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();

        var person = factory.ForVisitor("person");
        person.AddData(new UniqueIdentifier(true));
        await person.GetRemoteVisitorDataAsync();

        Asked().ShouldHaveSingleItem().ShouldStartWith("/visit/visitor?siteCode=abcde12345&mappingValue=person&");
        Facts(site, "person").MappingIdentifier.ShouldBe("prevcode00000001");
    }

    [Fact]
    public async Task The_platform_is_not_asked_about_bots_and_about_who_is_new()
    {
        await using var site = await StartAsync(
            map: app => app.MapGet("/", async (IKameleoonClient client) => (await client.GetRemoteVisitorDataAsync()).VisitNumber),
            options: options => options.Bots.Detect = true);

        (await site.ReadAsync("/")).ShouldBe("0");
        (await site.ReadAsync("/", ("User-Agent", "Googlebot/2.1"), ("Cookie", "kameleoonVisitorCode=anna"))).ShouldBe("0");
        Asked().ShouldBeEmpty();
        (await site.ReadAsync("/", ("Cookie", "kameleoonVisitorCode=anna"))).ShouldBe("4");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(26)]
    public void The_platform_gives_1_to_25_visits(int visits) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RemoteVisitorDataFilter { PreviousVisitAmount = visits });

    [Fact]
    public async Task An_exposure_of_an_earlier_visit_does_not_silence_this_one_s()
    {
        _platform.Remote = (_, _) => Task.FromResult(StubPlatform.Json("""
            {
              "previousVisits": [{
                "timeStarted": 1762160000000, "timeLastEvent": 1762161000000,
                "experimentEvents": [{ "time": 1762160003000, "data": { "id": 7001, "variationId": 81001 } }]
              }]
            }
            """));
        await using var site = await StartAsync();
        var client = For(site);

        (await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All)).Experiments.ShouldHaveSingleItem().VariationId.ShouldBe(81001);
        client.GetVariation("checkout");

        (await site.StopAndReadEventsAsync()).ShouldContain(sent => sent["eventType"] == "experiment" && sent["id"] == "7001");
    }

    private static IKameleoonClient For(TestSite site, string code = "anna") =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(code);

    private static VisitorFacts Facts(TestSite site, string code)
    {
        var services = site.App.Services.GetRequiredService<VisitorServices>();
        return new VisitorFacts(code, services, services.Store.Find(code)?.Record, request: null, simulation: null);
    }

    private List<string> Asked() => [.. _platform.Requests
        .Where(request => request.Url.AbsolutePath is "/visit/visitor" or "/map/map").Select(request => request.Url.PathAndQuery)];

    private Task<TestSite> StartAsync(Action<KameleoonOptions>? options = null, Action<WebApplication>? map = null) =>
        TestSite.StartAsync(options, map, _platform);
}
