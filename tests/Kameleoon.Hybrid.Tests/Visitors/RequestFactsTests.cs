namespace Kameleoon.Hybrid.Tests;

/// <summary>What conditions read from a request: only what they ask for, and only where the site lets them.</summary>
public sealed class RequestFactsTests
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
    private const string Url = """{ "targetingType": "PAGE_URL", "matchType": "REGULAR_EXPRESSION", "url": "^http://shop\\.test/a/b%20c\\?q=1&r=%2F$" }""";
    private const string Referrer = """{ "targetingType": "PREVIOUS_PAGE", "matchType": "EXACT", "url": "https://search.test/?q=x" }""";
    private const string Browser = """{ "targetingType": "BROWSER", "browser": "FIREFOX", "version": "127", "versionMatchType": "EQUAL" }""";
    private const string System = """{ "targetingType": "OPERATING_SYSTEM", "os": "LINUX" }""";
    private const string Device = """{ "targetingType": "DEVICE_TYPE", "device": "DESKTOP" }""";
    private const string Cookie = """{ "targetingType": "COOKIE", "name": "theme", "nameMatchType": "EXACT", "value": "da rk", "valueMatchType": "EXACT" }""";
    private const string Visitor = """{ "targetingType": "VISITOR_CODE", "matchType": "EXACT", "visitorCode": "anna" }""";
    private const string Sdk = """{ "targetingType": "SDK_LANGUAGE", "sdkLanguage": "CSHARP" }""";

    private static readonly (string, string)[] Request =
    [
        ("Host", "shop.test"),
        ("User-Agent", Firefox),
        ("Referer", "https://search.test/?q=x"),
        ("Cookie", "kameleoonVisitorCode=anna; theme=da%20rk"),
    ];

    [Theory]
    [InlineData(Url, "target", "Host")]
    [InlineData(Referrer, "Referer", "target", "Host")]
    [InlineData(Browser, "User-Agent")]
    [InlineData(System, "User-Agent")]
    [InlineData(Device, "User-Agent")]
    [InlineData(Cookie, "Cookie")]
    [InlineData(Visitor)]
    [InlineData(Sdk)]
    public async Task A_condition_reads_its_fact_from_the_request_and_no_other(string condition, params string[] expected)
    {
        string[] asked = [];
        await using var site = await StartAsync(
            condition, before: WatchedRequest.Begin, after: context => asked = WatchedRequest.AskedOf(context));

        var key = await site.ReadAsync("/a/b%20c?q=1&r=%2F", Request);

        key.ShouldBe("on");
        asked.ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task What_no_condition_asks_for_is_not_read()
    {
        string[] asked = ["?"];
        UserAgentReading? agent = null;
        await using var site = await StartAsync(
            Visitor,
            before: WatchedRequest.Begin,
            after: context =>
            {
                asked = WatchedRequest.AskedOf(context);
                agent = RequestVisitor.Of(context).Facts.UserAgent;
            });

        await site.ReadAsync("/", Request);

        asked.ShouldBeEmpty();
        agent!.IsRead.ShouldBeFalse();
    }

    [Fact]
    public async Task What_two_decisions_ask_for_is_read_once()
    {
        string[] asked = [];
        await using var site = await StartAsync(
            Url + "," + Cookie,
            before: WatchedRequest.Begin,
            after: context =>
            {
                RequestVisitor.Of(context).Client.GetVariation("checkout");
                asked = WatchedRequest.AskedOf(context);
            });

        await site.ReadAsync("/a/b%20c?q=1&r=%2F", Request);

        asked.ShouldBe(["target", "Host", "Cookie"]);
    }

    [Theory]
    [InlineData(Url, "Url")]
    [InlineData(Referrer, "Referrer")]
    [InlineData(Browser, "UserAgent")]
    [InlineData(System, "UserAgent")]
    [InlineData(Device, "UserAgent")]
    [InlineData(Cookie, "Cookies")]
    public async Task Each_source_can_be_switched_off_alone(string condition, string source)
    {
        foreach (var switched in new[] { "Url", "Referrer", "UserAgent", "Cookies" })
        {
            await using var site = await StartAsync(condition, options =>
            {
                options.RequestFacts.Url = switched is not "Url";
                options.RequestFacts.Referrer = switched is not "Referrer";
                options.RequestFacts.UserAgent = switched is not "UserAgent";
                options.RequestFacts.Cookies = switched is not "Cookies";
            });

            (await site.ReadAsync("/a/b%20c?q=1&r=%2F", Request)).ShouldBe(switched == source ? "off" : "on", switched);
        }
    }

    [Fact]
    public async Task A_page_that_names_itself_as_the_page_before_has_none()
    {
        await using var site = await StartAsync(
            """{ "targetingType": "PREVIOUS_PAGE", "matchType": "CONTAINS", "url": "" }""");

        (await site.ReadAsync("/form", ("Host", "shop.test"), ("Referer", "http://shop.test/form"))).ShouldBe("off");
        (await site.ReadAsync("/form", ("Host", "shop.test"), ("Referer", "http://shop.test/"))).ShouldBe("on");
    }

    [Fact]
    public async Task The_address_is_the_one_in_the_browser_whatever_was_rewritten_since()
    {
        await using var site = await StartAsync(
            """{ "targetingType": "PAGE_URL", "matchType": "EXACT", "url": "http://shop.test/base/old?x=1" }""",
            before: context =>
            {
                context.Request.PathBase = "/base";
                context.Request.Path = "/new";
                context.Request.QueryString = QueryString.Empty;
            });

        (await site.ReadAsync("/old?x=1", ("Host", "shop.test"))).ShouldBe("on");
        (await site.ReadAsync("/base/old?x=1", ("Host", "shop.test"))).ShouldBe("on");
    }

    [Fact]
    public async Task Outside_of_a_request_only_what_was_added_is_known()
    {
        await using var site = await StartAsync(Url);
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("job");

        client.GetVariation("checkout").Key.ShouldBe("off");
        client.AddData(new PageView("http://shop.test/a/b%20c?q=1&r=%2F"));
        client.GetVariation("checkout").Key.ShouldBe("on");
    }

    [Fact]
    public async Task A_client_that_outlives_its_request_no_longer_asks_it()
    {
        KameleoonClient? kept = null;
        await using var site = await StartAsync(Referrer, after: context => kept = RequestVisitor.Of(context).Client, decides: false);
        await site.ReadAsync("/", Request);
        await site.CompletedAsync();

        kept!.GetVariation("checkout").Key.ShouldBe("off");
    }

    private static Task<TestSite> StartAsync(
        string condition,
        Action<KameleoonOptions>? options = null,
        Action<HttpContext>? before = null,
        Action<HttpContext>? after = null,
        bool decides = true) => TestSite.StartAsync(
        settings =>
        {
            settings.Bots.Detect = false; // Who looks for bots reads the user agent, whatever conditions ask.
            options?.Invoke(settings);
        },
        app => app.MapFallback((HttpContext context) =>
        {
            var client = RequestVisitor.Of(context).Client;
            before?.Invoke(context);
            var key = decides ? client.GetVariation("checkout", track: false).Key : "";
            after?.Invoke(context);
            return key;
        }),
        DataFiles.Serving(DataFiles.Targeted(condition)));
}
