using static Kameleoon.Hybrid.Tests.DataSite;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What the application says of a visitor holds for the visitor's session, and for nobody else.</summary>
public sealed class AddedDataTests
{
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
    public async Task The_session_s_end_forgets_it()
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(Plan, [new CustomData(4, "gold")], clock);
        await site.ReadAsAsync("anna", "/add");

        await site.MoveAsync(TimeSpan.FromMinutes(29));
        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("on");
        await site.MoveAsync(TimeSpan.FromMinutes(30));
        (await site.ReadAsAsync("anna", "/decide/checkout")).ShouldBe("off");
    }

    [Fact]
    public async Task A_client_that_outlives_the_session_starts_another()
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(Plan, [], clock);
        var client = Client(site, "job");
        client.AddData(new CustomData(4, "gold"));

        await site.MoveAsync(TimeSpan.FromMinutes(30));
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
}
