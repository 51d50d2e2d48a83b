using System.Globalization;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What the application says of a visitor holds for the visitor's session, and for nobody else.</summary>
public sealed class AddDataTests
{
    private const string Plan = """{ "targetingType": "CUSTOM_DATUM", "customDataIndex": "4", "valueMatchType": "EXACT", "value": "gold" }""";

    public static TheoryData<IVisitorData, string> EachKind { get; } = new()
    {
        { new CustomData(4, "silver", "gold"), Plan },
        { new CustomData("plan", "gold"), Plan },
        { new PageView("/a", "Title"), """{ "targetingType": "PAGE_URL", "matchType": "EXACT", "url": "/a" }""" },
        { new PageView("/a", "Title"), """{ "targetingType": "PAGE_TITLE", "matchType": "EXACT", "title": "Title" }""" },
        { new PageView("/a"), """{ "targetingType": "PAGE_VIEWS", "matchType": "EQUAL", "pageCount": 1 }""" },
        { new Browser(BrowserType.Safari, 17.5f), """{ "targetingType": "BROWSER", "browser": "SAFARI", "version": "17.5", "versionMatchType": "EQUAL" }""" },
        { new Device(DeviceType.Tablet), """{ "targetingType": "DEVICE_TYPE", "device": "TABLET" }""" },
        { new VisitorOperatingSystem(OperatingSystemType.Ios), """{ "targetingType": "OPERATING_SYSTEM", "os": "IOS" }""" },
        { new UserAgent("Mozilla/5.0 (Windows Phone 10.0) Edge/15.1"), """{ "targetingType": "OPERATING_SYSTEM", "os": "WINDOWS_PHONE" }""" },
        { new Geolocation("France", City: "Paris"), """{ "targetingType": "GEOLOCATION", "country": "FRANCE", "city": "paris" }""" },
        { new CookieData([new("theme", "dark")]), """{ "targetingType": "COOKIE", "name": "theme", "nameMatchType": "EXACT", "value": "dark", "valueMatchType": "EXACT" }""" },
        { new ApplicationVersion("2.1"), """{ "targetingType": "APPLICATION_VERSION", "version": "2.0.9", "versionMatchType": "GREATER" }""" },
    };

    [Theory]
    [MemberData(nameof(EachKind))]
    public async Task Added_data_serves_the_visitor_s_later_requests_and_no_other_visitor(IVisitorData data, string condition)
    {
        await using var site = await StartAsync(condition, data);

        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("off");
        await site.ReadAsAsync("anna", "/add");
        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("on");
        (await site.ReadAsAsync("bert", "/decide/checkout")).ShouldBe("off");
    }

    [Fact]
    public async Task What_was_added_is_sent_once_in_the_platform_s_order_and_what_is_not_for_the_platform_is_not()
    {
        await using var site = await StartAsync(Plan, [.. EachKind.Select(row => (IVisitorData)row[0])]);
        await site.ReadAsAsync("anna", "/add");
        var client = Client(site, "anna");

        (await client.FlushAsync()).ShouldBeTrue();
        (await client.FlushAsync()).ShouldBeTrue();

        var (first, second) = (site.Platform.TrackingRequests.First(), site.Platform.TrackingRequests.Last());
        first.Lines.Select(sent => sent["eventType"]).ShouldBe(
            ["staticData", "staticData", "staticData", "geolocation", "customData", "page"]);
        first.Lines.First()["userAgent"].ShouldContain("Windows Phone");
        second.Lines.ShouldHaveSingleItem()["eventType"].ShouldBe("activity");
    }

    [Fact]
    public async Task Data_waits_for_a_tracked_deed_and_leaves_with_the_visitor_at_the_latest()
    {
        await using var site = await StartAsync(Plan);
        var (client, other) = (Client(site, "anna"), Client(site, "bert"));
        client.AddData(new CustomData(4, "gold"));
        other.AddData(new CustomData(4, "silver"));
        Client(site, "carl").AddData(track: false, new CustomData(4, "gold"));
        var queue = site.App.Services.GetRequiredService<TrackingQueue>();

        client.GetVariation("checkout", track: false);
        queue.Queued.ShouldBe(0);
        client.GetVariation("nobody-knows-this");
        queue.Queued.ShouldBe(1);

        (await site.StopAndReadEventsAsync()).Select(sent => sent["visitorCode"]).Order(StringComparer.Ordinal).ShouldBe(["anna", "bert"]);
    }

    [Fact]
    public async Task More_data_than_a_visitor_holds_leaves_early_and_once()
    {
        await using var site = await StartAsync(Plan);
        var client = Client(site, "anna");

        for (var index = 100; index < 250; index++)
        {
            client.AddData(new CustomData(index, "a"));
        }

        client.AddData(new CustomData(249, "b"));
        client.AddData(new CustomData(248, "b"));

        var slots = (await site.StopAndReadEventsAsync()).Select(sent => int.Parse(sent["index"], CultureInfo.InvariantCulture)).ToList();
        slots.ShouldBeUnique();
        slots.Order().ShouldBe(Enumerable.Range(100, 150));
    }

    [Fact]
    public async Task The_link_between_codes_is_told_again_after_half_an_hour()
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(Plan, [], clock);
        var client = Client(site, "anon");
        client.AddData(new CustomData("person", "user-77"));

        for (var minute = 0; minute <= 40; minute += 10)
        {
            client.GetVariation("other");

            // A post that is under way when the clock moves beyond its deadline is sent again.
            (await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync()).ShouldBeTrue();
            clock.Advance(TimeSpan.FromMinutes(10));
        }

        var events = await site.StopAndReadEventsAsync();
        events.Count(sent => sent.GetValueOrDefault("mappingIdentifier") == "true").ShouldBe(2);
        events.Count(sent => sent["eventType"] == "experiment").ShouldBe(1);
    }

    [Fact]
    public async Task The_link_between_codes_is_not_told_again_because_it_is_added_again()
    {
        await using var site = await StartAsync(Plan);
        var client = Client(site, "anon");

        for (var request = 0; request < 3; request++)
        {
            client.AddData(new CustomData("person", "user-77"));
            client.GetVariation("other");
        }

        client.AddData(new CustomData("person", "user-78"));
        client.GetVariation("other");
        var links = (await site.StopAndReadEventsAsync()).Where(sent => sent.GetValueOrDefault("mappingIdentifier") == "true").ToList();
        links.Select(sent => sent["valuesCountMap"]).ShouldBe(["""{"user-77":1}""", """{"user-78":1}"""]);
    }

    [Fact]
    public async Task Data_that_the_platform_would_not_take_serves_conditions_and_its_loss_is_counted()
    {
        await using var site = await StartAsync(Plan);
        var client = Client(site, "anna");

        client.AddData(new CustomData(4, "gold", new string('x', 3000)), new PageView("/" + new string('y', 3000)));

        client.GetVariation("checkout").Key.ShouldBe("on");
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "too_large").ShouldBe(2);
        site.Log.Texts(219).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_session_s_end_forgets_it()
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(Plan, [new CustomData(4, "gold")], clock);
        await site.ReadAsAsync("anna", "/add");

        clock.Advance(TimeSpan.FromMinutes(29));
        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("on");
        clock.Advance(TimeSpan.FromMinutes(30));
        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("off");
    }

    [Fact]
    public async Task A_client_that_outlives_the_session_starts_another()
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(Plan, [], clock);
        var client = Client(site, "job");
        client.AddData(new CustomData(4, "gold"));

        clock.Advance(TimeSpan.FromMinutes(30));
        client.GetVariation("checkout").Key.ShouldBe("off");
        client.AddData(new CustomData(4, "gold"));
        client.GetVariation("checkout").Key.ShouldBe("on");
    }

    [Fact]
    public async Task Of_a_thousand_requests_at_once_every_one_is_kept()
    {
        await using var site = await TestSite.StartAsync(map: app =>
            app.MapGet("/page/{id:int}", (int id, IKameleoonClient client) =>
            {
                client.AddData(new CustomData(id, "x"), new PageView($"/{id}"));
                client.TrackConversion(id);
                client.GetVariations();
            }));

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(id => site.ReadAsAsync("anna", $"/page/{id}")));

        var record = site.App.Services.GetRequiredService<VisitorStore>().Find("anna")!.Record;
        record.Known.PageViews.ShouldBe(1000);
        record.Known.CustomData.Entries.Length.ShouldBe(1000);
        record.Known.Goals.Entries.Length.ShouldBe(500, "Of so many goals the rest is reported, but not kept for conditions.");
        record.Assignments.Select(entry => entry.ExperimentId).Order().ShouldBe([7001, 7002, 7003]);
    }

    [Fact]
    public async Task The_page_before_is_the_last_one_of_another_address()
    {
        await using var site = await StartAsync("""{ "targetingType": "PREVIOUS_PAGE", "matchType": "EXACT", "url": "/a" }""");
        var client = Client(site, "job");

        client.AddData(new PageView("/a"));
        client.GetVariation("checkout").Key.ShouldBe("off");
        client.AddData(new PageView("/b"), new PageView("/b"));
        client.GetVariation("checkout").Key.ShouldBe("on");
        client.AddData(new PageView("/a"));
        client.GetVariation("checkout").Key.ShouldBe("off");
    }

    [Fact]
    public async Task A_goal_that_was_reached_is_known_to_conditions()
    {
        await using var site = await StartAsync("""{ "targetingType": "CONVERSIONS", "goalId": 55 }""");
        var client = Client(site, "anna");

        client.TrackConversion(54);
        client.GetVariation("checkout").Key.ShouldBe("off");
        client.TrackConversion(55);
        client.GetVariation("checkout").Key.ShouldBe("on");
    }

    [Fact]
    public async Task What_cannot_be_kept_is_logged_once_and_the_rest_is_kept()
    {
        await using var site = await StartAsync(Plan);
        var client = Client(site, "anna");

        client.AddData(new CustomData("nobody-knows-this", "x"), new PageView(""), new CustomData(4, "gold"));
        client.AddData(new CustomData("nobody-knows-this", "x"), new PageView(""));

        client.GetVariation("checkout").Key.ShouldBe("on");
        site.Log.Texts(205).ShouldHaveSingleItem().ShouldContain("nobody-knows-this");
        site.Log.Texts(206).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_identifier_of_a_person_becomes_another_code_of_the_same_visitor()
    {
        await using var site = await StartAsync(Plan);
        Client(site, "user-77").AddData(new CustomData(4, "forgotten"));
        Client(site, "phone").AddData(new CustomData(4, "gold"), new CustomData("person", "user-77"));
        var store = site.App.Services.GetRequiredService<VisitorStore>();

        Client(site, "user-77").GetVariation("checkout").Key.ShouldBe("on");
        store.Find("user-77")!.Record.ShouldBeSameAs(store.Find("phone")!.Record);
        store.Find("user-77")!.Record.Known.MappingIdentifier.ShouldBe("phone");

        Client(site, "user-77").AddData(new CustomData("person", "user-77"));
        store.Find("phone")!.Record.Known.MappingIdentifier.ShouldBe("phone");

        Client(site, "laptop").AddData(new CustomData("person", "user-77"));
        store.Find("user-77")!.Record.Known.MappingIdentifier.ShouldBe("laptop");
        store.Find("phone")!.Record.Known.MappingIdentifier.ShouldBe("phone");
    }

    [Fact]
    public async Task What_waited_is_sent_as_whom_and_with_what_the_visitor_is_known_by_then()
    {
        await using var site = await StartAsync(Plan);
        Client(site, "phone").AddData(new CustomData("person", "user-77"));
        var person = Client(site, "user-77");

        person.AddData(new PageView("/a"));
        person.AddData(new UniqueIdentifier(true), new UserAgent("curl/8.0"));
        person.TrackConversion(55);

        var events = await site.StopAndReadEventsAsync();
        var persons = events.Where(sent => sent.GetValueOrDefault("mappingValue") == "user-77").ToList();
        persons.Select(sent => sent["eventType"]).Where(type => type != "customData").ShouldBe(["page", "conversion"]);
        persons[0]["userAgent"].ShouldBe("curl/8.0");
    }

    [Fact]
    public async Task What_is_never_sent_is_not_sent_as_metadata_either()
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(
            DataFiles.Targeted(Plan).Replace("\"name\": \"plan\"", "\"name\": \"plan\", \"localOnly\": true", StringComparison.Ordinal)));

        Client(site, "anna").TrackConversion(55, metadata: [new CustomData("plan", "gold"), new CustomData(9, "x")]);

        var sent = (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
        sent.Values.ShouldContain(value => value.Contains("\"x\"", StringComparison.Ordinal));
        sent.Values.ShouldNotContain(value => value.Contains("gold", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_person_s_name_that_is_too_long_is_counted()
    {
        await using var site = await StartAsync(Plan);

        Client(site, "anna").AddData(new CustomData("person", new string('x', 300)));

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "too_large").ShouldBe(1);
    }

    [Fact]
    public void Data_that_makes_no_sense_is_refused_where_it_is_made()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new CustomData(-1, "x"));
        Should.Throw<ArgumentException>(() => new CustomData("", "x"));
        Should.Throw<ArgumentNullException>(() => new CustomData(1, "x", null!));
        Should.Throw<ArgumentNullException>(() => new PageView(null!));
        Should.Throw<ArgumentNullException>(() => new UserAgent(null!));
        Should.Throw<ArgumentNullException>(() => new Geolocation(null!));
        Should.Throw<ArgumentNullException>(() => new ApplicationVersion(null!));
        Should.Throw<ArgumentException>(() => new CookieData([new("name", null!)]));
        Should.Throw<ArgumentOutOfRangeException>(() => new Browser((BrowserType)99));
        Should.Throw<ArgumentOutOfRangeException>(() => new Browser(BrowserType.Chrome, float.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => new Browser(BrowserType.Chrome, 1e30f));
        Should.Throw<ArgumentOutOfRangeException>(() => new PageView("/", Referrers: [-1]));
        Should.Throw<ArgumentException>(() => new Geolocation("France", Latitude: 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new Geolocation("France", Latitude: 91, Longitude: 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new Geolocation("France", Latitude: 0, Longitude: double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => new Conversion(-1));
        Should.Throw<ArgumentNullException>(() => new Conversion(1, metadata: [null!]));
        Should.Throw<ArgumentOutOfRangeException>(() => new Device((DeviceType)99));
        Should.Throw<ArgumentOutOfRangeException>(() => new VisitorOperatingSystem((OperatingSystemType)99));
    }

    private static IKameleoonClient Client(TestSite site, string visitor) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor);

    private static Task<TestSite> StartAsync(string condition, params IVisitorData[] data) =>
        StartAsync(condition, data, clock: null);

    private static Task<TestSite> StartAsync(string condition, IVisitorData[] data, TimeProvider? clock) =>
        TestSite.StartAsync(
            map: app =>
            {
                Pages.Map(app);
                app.MapGet("/add", (IKameleoonClient client) => client.AddData(data));
            },
            platform: DataFiles.Serving(DataFiles.Targeted(condition)),
            clock: clock);
}
