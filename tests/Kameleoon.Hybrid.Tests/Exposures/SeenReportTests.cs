namespace Kameleoon.Hybrid.Tests;

/// <summary>What a page reports to the server counts once, for the visitor of the cookie.</summary>
public sealed class SeenReportTests
{
    [Theory]
    [InlineData(true, "browser")]
    [InlineData(false, "given")]
    public async Task A_page_that_is_seen_is_seen_by_the_visitor_whom_it_was_decided_for(bool readsCookie, string visitor)
    {
        await using var site = await TestSite.StartAsync(options =>
        {
            options.Cookie.Read = readsCookie;
            options.DefaultVisitorCode = static _ => "given";
        });

        await site.ReadAsAsync("browser", "/kameleoon/seen?e=7001.81001");

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["visitorCode"].ShouldBe(visitor);
    }

    [Fact]
    public async Task A_browser_without_scripts_loads_the_image_and_the_server_reports()
    {
        await using var site = await TestSite.StartAsync();
        var html = await site.ReadAsync("/page/checkout");
        var image = html.Split("<noscript><img")[1].Split("src=\"")[1].Split('"')[0];

        using var seen = await site.GetAsync(image, ("Cookie", "kameleoonVisitorCode=someone"));

        var sent = (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
        sent["id"].ShouldBe("7001");
        sent["variationId"].ShouldBe("81001");
        sent["visitorCode"].ShouldBe("someone");
    }

    [Theory]
    [InlineData("/kameleoon/seen?e=7001.999", "kameleoonVisitorCode=someone")]
    [InlineData("/kameleoon/seen?e=1.2_3.4", "kameleoonVisitorCode=someone")]
    [InlineData("/kameleoon/seen?e=7001.81001", "other=1")]
    [InlineData("/kameleoon/seen?e=<script>", "kameleoonVisitorCode=someone")]
    [InlineData("/kameleoon/seen", "kameleoonVisitorCode=someone")]
    public async Task The_image_reports_nothing_that_the_data_file_or_the_cookie_does_not_know(string url, string cookie)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.GetAsync(url, ("Cookie", cookie));

        ((int)response.StatusCode).ShouldBe(204);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_image_reports_an_exposure_once_however_often_it_is_named_and_none_without_consent()
    {
        await using var open = await TestSite.StartAsync();
        await using var guarded = await TestSite.StartAsync(
            platform: new StubPlatform { DataFile = _ => StubPlatform.Json(DataFiles.Site("REQUIRED")) });
        var url = "/kameleoon/seen?e=" + string.Join('_', Enumerable.Repeat("7001.81001", 90));

        using var first = await open.GetAsync(url, ("Cookie", "kameleoonVisitorCode=someone"));
        using var second = await guarded.GetAsync(url, ("Cookie", "kameleoonVisitorCode=someone"));

        (await open.StopAndReadEventsAsync()).ShouldHaveSingleItem();
        (await guarded.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_did_not_decide_for_the_page_reports_it_once(bool? once)
    {
        await using var decided = await TestSite.StartAsync(options => options.Tracking.ExposureDeduplication = once);
        await using var other = await TestSite.StartAsync(options => options.Tracking.ExposureDeduplication = once);
        var image = ImageOf(await decided.ReadAsAsync("anna", "/page/checkout"));

        for (var i = 0; i < 3; i++)
        {
            await ReportAsync(other, image);
        }

        (await other.StopAndReadEventsAsync()).ShouldHaveSingleItem()["visitorCode"].ShouldBe("anna");
        other.Metrics.Sum("kameleoon.events.dropped", "reason", "repeated").ShouldBe(2);
    }

    [Fact]
    public async Task A_report_of_a_variation_that_the_visitor_no_longer_has_counts_once()
    {
        await using var site = await TestSite.StartAsync();
        var store = site.App.Services.GetRequiredService<VisitorStore>();
        store.Save(store.GetOrCreate("anna"), experimentId: 7001, variationId: 1);

        await ReportAsync(site, "/kameleoon/seen?e=7001.81001");
        await ReportAsync(site, "/kameleoon/seen?e=7001.81001");

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Without_deduplication_each_page_is_reported_once_and_its_copies_have_one_nonce_on_all_servers()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        var first = ImageOf(await a.ReadAsAsync("anna", "/page/checkout"));
        var second = ImageOf(await a.ReadAsAsync("anna", "/page/checkout"));

        foreach (var image in new[] { first, first, second, second })
        {
            await ReportAsync(a, image);
        }

        await ReportAsync(b, first);

        var ofA = (await a.StopAndReadEventsAsync()).ConvertAll(sent => sent["nonce"]);
        ofA.Count.ShouldBe(2);
        ofA.Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
        (await b.StopAndReadEventsAsync()).ShouldHaveSingleItem()["nonce"].ShouldBe(ofA[0]);

        static Task<TestSite> StartAsync() => TestSite.StartAsync(options => options.Tracking.ExposureDeduplication = false);
    }

    [Fact]
    public async Task The_next_session_is_reported_again()
    {
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(options => options.Tracking.ExposureDeduplication = false, clock: clock);

        await ReportAsync(site, "/kameleoon/seen?e=7001.81001");
        await ReportAsync(site, "/kameleoon/seen?e=7001.81001");
        site.Metrics.Sum("kameleoon.exposures.reported").ShouldBe(1);
        await site.MoveAsync(TimeSpan.FromHours(2));
        await ReportAsync(site, "/kameleoon/seen?e=7001.81001");

        site.Metrics.Sum("kameleoon.exposures.reported").ShouldBe(2);
    }

    private static string ImageOf(string html) =>
        System.Net.WebUtility.HtmlDecode(html.Split("<noscript><img")[1].Split("src=\"")[1].Split('"')[0]);

    private static async Task ReportAsync(TestSite site, string address)
    {
        using var _ = await site.GetAsync(address, ("Cookie", "kameleoonVisitorCode=anna"));

        // One body has an exposure once.
        await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync();
    }
}
