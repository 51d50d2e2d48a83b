using System.Globalization;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>Three servers with one Redis behind a proxy that sends each request to the next of them, and the data API that they
/// report to.</summary>
internal sealed class ProxiedFarm : IAsyncDisposable
{
    internal const int Count = 3;

    private readonly List<WebApplication> _apps = [];
    private HttpClient _http = null!;
    private int _conversions;

    /// <summary>The servers behind the proxy.</summary>
    internal IReadOnlyList<WebApplication> Servers => _apps[1..(Count + 1)];

    /// <summary>How many conversions the data API got.</summary>
    internal int Conversions => Volatile.Read(ref _conversions);

    internal static async Task<ProxiedFarm> StartAsync(RedisServer redis)
    {
        var farm = new ProxiedFarm();
        await farm.StartDataApiAsync();
        for (var number = 0; number < Count; number++)
        {
            await farm.StartServerAsync(redis, number);
        }

        await farm.StartProxyAsync();
        return farm;
    }

    /// <summary>Asks the next server, and returns what it answered behind its number.</summary>
    internal async Task<string> AskAsync(string path, string visitor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", "kameleoonVisitorCode=" + visitor);
        using var response = await _http.SendAsync(request);
        ((int)response.StatusCode).ShouldBeLessThan(400);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Waits until one request after the other, to each server, is answered alike.</summary>
    internal async Task AgreeAsync(string path, string visitor, string answer)
    {
        var answers = new List<string>();
        await Eventually.IsTrueAsync(() => AgreeAsync(answers, path, visitor, answer), () => string.Join(", ", answers));
    }

    private async Task<bool> AgreeAsync(List<string> answers, string path, string visitor, string answer)
    {
        answers.Clear();
        for (var i = 0; i < Count; i++)
        {
            answers.Add(await AskAsync(path, visitor));
        }

        answers.Select(static text => text.Split(' ')[0]).Distinct(StringComparer.Ordinal).Count().ShouldBe(Count);
        return answers.TrueForAll(text => string.Equals(text.Split(' ', 2)[1], answer, StringComparison.Ordinal));
    }

    /// <summary>Waits until Redis has what was said to any server.</summary>
    internal Task WrittenAsync() => Eventually.IsTrueAsync(
        () => Servers.All(static server => server.Services.GetRequiredService<SharedSessionWrites>().Count == 0));

    /// <summary>What a server knows of a visitor.</summary>
    internal static VisitorSnapshot? KnownOn(WebApplication server, string visitor) =>
        server.Services.GetRequiredService<VisitorStore>().Peek(visitor)?.Record.Known;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var app in Enumerable.Reverse(_apps))
        {
            await app.DisposeAsync();
        }
    }

    private static WebApplicationBuilder NewBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        return builder;
    }

    private async Task StartDataApiAsync()
    {
        var app = NewBuilder().Build();
        app.MapPost("/visit/events", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var lines = (await reader.ReadToEndAsync()).Split('\n');
            Interlocked.Add(ref _conversions, lines.Count(static line => line.Contains("eventType=conversion", StringComparison.Ordinal)));
            return Results.NoContent();
        });
        await app.StartAsync();
        _apps.Add(app);
    }

    private async Task StartServerAsync(RedisServer redis, int number)
    {
        var builder = NewBuilder();
        var dataApi = new Uri(_apps[0].Urls.First());
        builder.Services.AddKameleoonHybrid(settings =>
        {
            settings.SiteCode = "abcde12345";
            settings.Identity.HashKey = "a secret of the tests, 32 characters long";
            settings.Endpoints.Tracking = dataApi;
            settings.SharedSessions.Timeout = TimeSpan.FromSeconds(20);
            settings.Tracking.CarryFor = TimeSpan.FromMinutes(10); // A busy machine is no visitor who stays away.
        }).UseDataFile(new InMemoryDataFile(ConsentShop.DataFile)).AddRedisStore(redis.Address);
        var app = builder.Build();
        app.UseKameleoonVisitorCode();
        app.MapGet("/flag", (IKameleoonClient kameleoon) =>
            kameleoon.GetVariation("checkout", track: false) is var got
                ? $"{number} {(got.Reason == DecisionReason.Forced ? "forced " : "")}{got.Key}"
                : "");
        app.MapGet("/consent", (IKameleoonClient kameleoon, bool given) => kameleoon.SetLegalConsent(given));
        app.MapGet("/data", (IKameleoonClient kameleoon, string plan) => kameleoon.AddData(new CustomData("plan", plan)));
        app.MapGet("/force", (IKameleoonClient kameleoon, string? key) => kameleoon.SetForcedVariation(7001, key).ToString());
        app.MapGet("/redirect", (IKameleoonClient kameleoon) =>
        {
            kameleoon.GetVariation("checkout");
            return Results.Redirect("/page");
        });
        app.MapGet("/page", (IKameleoonClient kameleoon) => Results.Content(kameleoon.GetEngineTrackingCode(), "text/html"));
        app.MapGet("/buy", async (IKameleoonClient kameleoon, string order) =>
        {
            kameleoon.TrackConversion(55, order);
            await kameleoon.FlushAsync();
        });
        await app.StartAsync();
        _apps.Add(app);
    }

    private async Task StartProxyAsync()
    {
        var builder = NewBuilder();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "farm", Match = new RouteMatch { Path = "{**rest}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "farm",
                    LoadBalancingPolicy = "RoundRobin",
                    Destinations = Servers.Select(static (server, number) => (server, number)).ToDictionary(
                        static one => one.number.ToString(CultureInfo.InvariantCulture),
                        static one => new DestinationConfig { Address = one.server.Urls.First() },
                        StringComparer.Ordinal),
                },
            ]);
        var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync();
        _apps.Add(app);
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
    }
}
