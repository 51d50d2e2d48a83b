using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Responses that go on: the server reports at once, over HTTP/1.1 and HTTP/2.</summary>
public sealed class LongResponseTests
{
    private const string Anna = "kameleoonVisitorCode=anna";

    private static readonly string[] Paths =
    [
        "/stream?type=text/event-stream", "/stream?type=application/x-ndjson", "/stream?type=application/json",
        "/stream?type=application/grpc", "/events", "/items", "/bytes",
    ];

    public static TheoryData<string, string> Streams()
    {
        var rows = new TheoryData<string, string>();
        foreach (var path in Paths)
        {
            rows.Add("1.1", path);
            rows.Add("2.0", path);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_stream_is_reported_with_its_first_flush_and_logs_nothing_of_caches(string version, string path)
    {
        await using var site = await StartAsync(version);
        using var http = Client(site);
        using var leaving = new CancellationTokenSource();
        using var request = Request(version, path);

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        await using var body = await response.Content.ReadAsStreamAsync(leaving.Token);
        (await body.ReadAsync(new byte[8], leaving.Token)).ShouldBeGreaterThan(0);

        // An exposure is counted just before it is queued.
        await Eventually.IsTrueAsync(async () =>
        {
            await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync(leaving.Token);
            return site.Platform.Events.Count == 2;
        });

        (site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "long")
            + site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "complete")).ShouldBe(2);
        response.Version.ShouldBe(Version.Parse(version));
        site.Platform.Events.Select(sent => sent["variationId"]).Order(StringComparer.Ordinal).ShouldBe(["81001", "81003"]);
        site.Log.Texts(202).ShouldBeEmpty();
        await leaving.CancelAsync();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_web_socket_is_reported_at_once_and_logs_nothing_of_caches(string version)
    {
        await using var site = await StartAsync(version);
        using var http = Client(site);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.SetRequestHeader("Cookie", Anna);

        await socket.ConnectAsync(new UriBuilder(site.Http.BaseAddress!) { Scheme = "ws", Path = "/socket" }.Uri, http, default);
        await socket.ReceiveAsync(new byte[8], default);
        await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync();

        socket.State.ShouldBe(WebSocketState.Open);
        site.Platform.Events.Select(sent => sent["variationId"]).Order(StringComparer.Ordinal).ShouldBe(["81001", "81003"]);
        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "long").ShouldBe(2);
        site.Log.Texts(202).ShouldBeEmpty();
    }

    private static HttpRequestMessage Request(string version, string path) => new(HttpMethod.Get, path)
    {
        Version = Version.Parse(version),
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Headers = { { "Cookie", Anna } },
    };

    private static HttpClient Client(TestSite site) => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = site.Http.BaseAddress,
    };

    private static Task<TestSite> StartAsync(string version) => TestSite.StartAsync(
        services: services => services.Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureEndpointDefaults(
            endpoint => endpoint.Protocols = version == "1.1" ? HttpProtocols.Http1 : HttpProtocols.Http2)),
        map: app =>
        {
            app.UseWebSockets();
            Pages.Map(app);
            app.MapGet("/stream", async (string type, IKameleoonClient client, HttpContext context) =>
            {
                client.GetVariation("checkout");
                context.Response.ContentType = type;
                await context.Response.Body.FlushAsync();
                client.GetVariation("style");
                await context.Response.WriteAsync("data: x\n\n");
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            });
            app.MapGet("/events", (IKameleoonClient client, CancellationToken leaving) =>
                TypedResults.ServerSentEvents(ItemsAsync(client, leaving)));
            app.MapGet("/items", ItemsAsync);
            app.MapGet("/bytes", (IKameleoonClient client, CancellationToken leaving) => Results.Stream(
                async body =>
                {
                    await foreach (var item in ItemsAsync(client, leaving))
                    {
                        await body.WriteAsync(Encoding.UTF8.GetBytes(item), leaving);
                        await body.FlushAsync(leaving);
                    }
                },
                "video/mp2t"));
            app.Map("/socket", branch => branch.Run(async context =>
            {
                var client = context.RequestServices.GetRequiredService<IKameleoonClient>();
                client.GetVariation("checkout");
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                client.GetVariation("style");
                await socket.SendAsync("x"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, default);
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }));
        });

    // Decides before the first item and before the second, and never ends.
    private static async IAsyncEnumerable<string> ItemsAsync(
        IKameleoonClient client, [EnumeratorCancellation] CancellationToken leaving)
    {
        client.GetVariation("checkout");
        yield return new string('x', 20_000);
        client.GetVariation("style");
        yield return "second";
        await Task.Delay(Timeout.Infinite, leaving);
    }
}
