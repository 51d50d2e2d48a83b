using System.Collections.Concurrent;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>Servers that share the copies of the output cache by Redis make a page once for each combination of variations.</summary>
public sealed class RedisOutputCacheTests : IAsyncLifetime
{
    private const string All = """{ "variationKey": "on", "variationId": 81001, "exposition": 1 }""";

    private const string Half = """
        { "variationKey": "on", "variationId": 81001, "exposition": 0.5 },
        { "variationKey": "off", "variationId": 81002, "exposition": 0.5 }
        """;

    private static readonly string Halves = IdentitySite.Experiments.Replace(All, Half, StringComparison.Ordinal);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly RedisServer _redis = new();
    private readonly ConcurrentBag<string> _made = [];

    [Fact]
    public async Task New_visitors_of_two_servers_share_a_copy_for_each_variation_and_have_codes_of_their_own()
    {
        await using var a = await StartAsync(Halves, Patience);
        await using var b = await StartAsync(Halves, Patience);
        var visits = new List<(string Code, string Page)>();

        for (var i = 0; i < 400; i++)
        {
            visits.Add(await VisitAsync(i % 2 == 0 ? a : b));
        }

        _made.Order(StringComparer.Ordinal).ShouldBe(["off", "on"]);
        visits.Select(static visit => visit.Code).Distinct(StringComparer.Ordinal).Count().ShouldBe(400);
        var client = a.Services.GetRequiredService<IKameleoonClientFactory>();
        visits.ShouldAllBe(visit => client.ForVisitor(visit.Code).GetVariation("checkout", false).Key == visit.Page);
        visits.Select(static visit => visit.Page).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("\"dateModified\": 1767225600001")]
    [InlineData("\"unknown\": 1")]
    public async Task Servers_with_different_data_files_share_no_copies(string edit)
    {
        await using var a = await StartAsync(Halves, Patience);
        await using var b = await StartAsync(
            Halves.Replace("\"featureFlags\"", edit + ", \"featureFlags\"", StringComparison.Ordinal), Patience);

        await VisitAsync(a, "anna");
        await VisitAsync(b, "anna");
        await VisitAsync(a, "anna");

        _made.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Pages_are_made_while_redis_is_dead_and_shared_again_once_it_is_back()
    {
        await using var a = await StartAsync(Halves, timeout: null);
        await VisitAsync(a, "anna");

        await _redis.KillAsync();
        for (var i = 0; i < 3; i++)
        {
            (await VisitAsync(a, "anna")).Page.ShouldBeOneOf("on", "off");
        }

        var log = a.Services.GetFakeLogCollector();
        await Eventually.IsTrueAsync(async () => (await VisitAsync(a, "anna")).Page.Length > 0 && log.Texts(228).Any());
        await _redis.StartAsync();

        await Eventually.IsTrueAsync(async () =>
        {
            var made = _made.Count;
            await VisitAsync(a, "anna");
            await VisitAsync(a, "anna");
            return _made.Count == made && log.Texts(229).Any();
        });
    }

    public Task InitializeAsync() => _redis.StartAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    private static async Task<(string Code, string Page)> VisitAsync(WebApplication site, string? code = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, site.Urls.First() + "/landing");
        request.Headers.Host = "shop.example"; // As behind a load balancer. Copies are kept by host.
        if (code is not null)
        {
            request.Headers.Add("Cookie", "kameleoonVisitorCode=" + code);
        }

        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        var page = await response.Content.ReadAsStringAsync();
        return (code ?? response.Headers.GetValues("Set-Cookie").Single(static cookie =>
            cookie.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal)).Split('=', ';')[1], page);
    }

    private async Task<WebApplication> StartAsync(string dataFile, TimeSpan? timeout)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.CollectLibrary();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.AddOutputCache(static options =>
            options.AddKameleoonVariationPolicy("landing", ["checkout"], TimeSpan.FromMinutes(5)));
        builder.Services.AddStackExchangeRedisOutputCache(options => options.Configuration = _redis.Address);
        builder.Services.AddKameleoonHybrid(static settings =>
        {
            settings.SiteCode = "abcde12345";
            settings.Endpoints.Tracking = new Uri("http://127.0.0.1:1");
        })
            .UseDataFile(new InMemoryDataFile(dataFile))
            .AddOutputCacheTimeout(timeout);
        var app = builder.Build();
        app.UseKameleoonVisitorCode();
        app.UseOutputCache();
        app.MapGet("/landing", (IKameleoonClient kameleoon) =>
        {
            var page = kameleoon.GetVariation("checkout").Key;
            _made.Add(page);
            return page;
        }).CacheOutput("landing");
        await app.StartAsync();
        return app;
    }
}
