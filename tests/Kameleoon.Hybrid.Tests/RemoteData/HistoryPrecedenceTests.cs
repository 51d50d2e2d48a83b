using System.Globalization;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What was added takes precedence over the request, and the request over the history on the platform.</summary>
public sealed class HistoryPrecedenceTests : IDisposable
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";

    private readonly StubPlatform _platform = new();

    public void Dispose() => _platform.Dispose();

    [Theory]
    [InlineData("""{ "targetingType": "PAGE_URL", "matchType": "CONTAINS", "url": "/look-again" }""")]
    [InlineData("""{ "targetingType": "DEVICE_TYPE", "device": "DESKTOP" }""")]
    [InlineData("""{ "targetingType": "BROWSER", "browser": "FIREFOX", "version": "127", "versionMatchType": "EQUAL" }""")]
    [InlineData("""{ "targetingType": "OPERATING_SYSTEM", "os": "LINUX" }""")]
    [InlineData("""{ "targetingType": "PREVIOUS_PAGE", "matchType": "EXACT", "url": "https://search.example/" }""")]
    public async Task A_history_does_not_displace_the_facts_of_the_request(string condition)
    {
        await using var site = await StartAsync(condition);

        (await site.ReadAsync(
            "/look-again", ("Cookie", "kameleoonVisitorCode=anna"), ("User-Agent", Firefox), ("Referer", "https://search.example/")))
            .ShouldBe("on, on");
    }

    [Theory]
    [InlineData("""{ "targetingType": "DEVICE_TYPE", "device": "PHONE" }""")]
    [InlineData("""{ "targetingType": "BROWSER", "browser": "SAFARI", "version": "16.5", "versionMatchType": "EQUAL" }""")]
    [InlineData("""{ "targetingType": "OPERATING_SYSTEM", "os": "IOS" }""")]
    [InlineData("""{ "targetingType": "PREVIOUS_PAGE", "matchType": "EXACT", "url": "https://shop.example/second" }""")]
    public async Task A_history_tells_what_the_request_does_not(string condition)
    {
        await using var site = await StartAsync(condition);

        (await site.ReadAsync("/look-again", ("Cookie", "kameleoonVisitorCode=anna"))).ShouldBe("off, on");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_added_takes_precedence_whether_before_or_after_the_history(bool isBefore)
    {
        await using var site = await StartAsync("""{ "targetingType": "FIRST_VISIT" }""");
        var client = For(site);
        await (isBefore ? Task.CompletedTask : client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All));

        client.AddData(
            new PageView("https://shop.example/now"), new Device(DeviceType.Tablet), new Browser(BrowserType.Opera),
            new VisitorOperatingSystem(OperatingSystemType.Mac));
        await (isBefore ? client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All) : Task.CompletedTask);

        var facts = Facts(site);
        facts.LatestPage!.Value.Address.ShouldBe("https://shop.example/now");
        facts.PreviousPage!.Value.Address.ShouldBe("https://shop.example/second");
        facts.Device.ShouldBe(DeviceType.Tablet);
        facts.Browser!.Value.Type.ShouldBe(BrowserType.Opera);
        facts.OperatingSystem.ShouldBe(OperatingSystemType.Mac);
        facts.PageViewCount.ShouldBe(4);
    }

    [Fact]
    public async Task The_previous_page_is_the_page_before_the_last_one_of_the_history()
    {
        await using var site = await StartAsync("""{ "targetingType": "FIRST_VISIT" }""");

        await For(site).GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);

        Facts(site).LatestPage!.Value.Address.ShouldBe("https://shop.example/second");
        Facts(site).PreviousPage!.Value.Address.ShouldBe("https://shop.example/first");
    }

    [Fact]
    public async Task The_previous_page_has_another_address_than_the_page_that_is_viewed_again()
    {
        await using var site = await StartAsync("""{ "targetingType": "FIRST_VISIT" }""");
        var client = For(site);
        client.AddData(new PageView("https://shop.example/second"));

        await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);

        Facts(site).PreviousPage!.Value.Address.ShouldBe("https://shop.example/first");
    }

    [Fact]
    public async Task Pages_of_a_later_history_are_later_and_those_of_an_earlier_visit_are_not()
    {
        await using var site = await StartAsync("""{ "targetingType": "FIRST_VISIT" }""");
        var client = For(site);
        await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);

        Serve("""{ "previousVisits": [{ "pageEvents": [{ "time": 1762160000000, "data": { "href": "https://shop.example/old" } }] }] }""");
        await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);
        Facts(site).LatestPage!.Value.Address.ShouldBe("https://shop.example/second");

        Serve("""{ "currentVisit": { "pageEvents": [{ "time": 1762160009000, "data": { "href": "https://shop.example/third" } }] } }""");
        await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);
        Facts(site).LatestPage!.Value.Address.ShouldBe("https://shop.example/third");
        Facts(site).PreviousPage!.Value.Address.ShouldBe("https://shop.example/second");
    }

    [Fact]
    public async Task Visits_that_are_loaded_again_replace_the_earlier_ones_and_are_counted_once()
    {
        await using var site = await StartAsync("""{ "targetingType": "VISITS", "matchType": "EQUAL", "visitCount": 6 }""");
        var client = For(site);
        Serve(Visits(1));
        await client.GetRemoteVisitorDataAsync();
        client.GetVariation("checkout").Key.ShouldBe("off");

        Serve(Visits(5));
        await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);
        client.GetVariation("checkout").Key.ShouldBe("on");

        Serve("""{ "currentVisit": {} }""");
        await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);
        Facts(site).PreviousVisits!.Count.ShouldBe(5);
        (await site.StopAndReadEventsAsync()).Count(line => line.ContainsKey("visitNumber")).ShouldBe(1);
    }

    private static string Visits(int count) => $$"""
        { "previousVisits": [{{string.Join(',', Enumerable.Range(0, count).Select(static visit => string.Create(
            CultureInfo.InvariantCulture, $$"""{ "timeStarted": {{1762160000000 - (visit * 86_400_000L)}} }""")))}}] }
        """;

    private static IKameleoonClient For(TestSite site) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

    private static VisitorFacts Facts(TestSite site)
    {
        var services = site.App.Services.GetRequiredService<VisitorServices>();
        return new VisitorFacts("anna", services, services.Store.Find("anna")?.Record, request: null, simulation: null);
    }

    private void Serve(string history) => _platform.Remote = (_, _) => Task.FromResult(StubPlatform.Json(history));

    private Task<TestSite> StartAsync(string condition)
    {
        _platform.DataFile = _ => StubPlatform.Json(DataFiles.Targeted(condition));
        Serve("""
            {
              "currentVisit": {
                "timeStarted": 1762160000000, "timeLastEvent": 1762161000000,
                "pageEvents": [
                  { "time": 1762160001000, "data": { "href": "https://shop.example/first" } },
                  { "time": 1762160002000, "data": { "href": "https://shop.example/second" } },
                  { "time": 1762160003000, "data": { "href": "https://shop.example/second" } }
                ],
                "staticDataEvent": { "data": { "deviceType": "PHONE", "browser": "SAFARI", "browserVersion": 16.5, "os": "IOS" } }
              }
            }
            """);
        return TestSite.StartAsync(
            static options => options.Bots.Detect = false, // Some requests have no user agent.
            map: app => app.MapGet("/look-again", async (IKameleoonClient client) =>
            {
                var before = client.GetVariation("checkout", track: false).Key;
                await client.GetRemoteVisitorDataAsync(RemoteVisitorDataFilter.All);
                return before + ", " + client.GetVariation("checkout", track: false).Key;
            }),
            platform: _platform);
    }
}
