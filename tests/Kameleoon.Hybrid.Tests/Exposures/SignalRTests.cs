using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What a hub decides is reported while the connection stays open, over each transport and HTTP version.</summary>
public sealed class SignalRTests
{
    public static TheoryData<string, HttpTransportType, string> Connections()
    {
        var rows = new TheoryData<string, HttpTransportType, string>();
        foreach (var version in new[] { "1.1", "2.0" })
        {
            foreach (var transport in new[] { HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling })
            {
                rows.Add(version, transport, nameof(DecidingHub.Decide));
                if (transport != HttpTransportType.LongPolling)
                {
                    // A long poll's request ends with each message, and the hub has no request of its own.
                    rows.Add(version, transport, nameof(DecidingHub.DecideInRequest));
                }
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task A_hub_s_exposure_is_reported_at_once_over_each_transport(
        string version, HttpTransportType transport, string method)
    {
        await using var site = await StartAsync(version);
        await using var connection = await ConnectAsync(site, version, transport);

        (await connection.InvokeAsync<string>(method)).ShouldBe("on");
        (await connection.InvokeAsync<string>(method)).ShouldBe("on");
        await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync();

        connection.State.ShouldBe(HubConnectionState.Connected);
        site.Platform.Events.ShouldHaveSingleItem()["visitorCode"].ShouldBe("anna");
        site.Log.Texts(202).ShouldBeEmpty();
    }

    private static Task<TestSite> StartAsync(string version) => TestSite.StartAsync(
        services: services =>
        {
            services.AddSignalR(options => options.EnableDetailedErrors = true);
            services.Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureEndpointDefaults(
                endpoint => endpoint.Protocols = version == "1.1" ? HttpProtocols.Http1 : HttpProtocols.Http2));
        },
        map: app => app.MapHub<DecidingHub>("/hub"));

    private static async Task<HubConnection> ConnectAsync(TestSite site, string version, HttpTransportType transport)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(site.Http.BaseAddress!, "/hub"), transport, options =>
            {
                options.Headers["Cookie"] = "kameleoonVisitorCode=anna";
                options.HttpMessageHandlerFactory = inner => new OneVersion(inner, Version.Parse(version));
                options.WebSocketConfiguration = socket =>
                {
                    socket.HttpVersion = Version.Parse(version);
                    socket.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
                };
            })
            .Build();
        await connection.StartAsync();
        return connection;
    }

    /// <summary>Decides for the visitor of the connection's cookie.</summary>
    public sealed class DecidingHub(IKameleoonClientFactory clients, IServiceProvider services) : Hub
    {
        /// <summary>The way that works with each transport.</summary>
        public string Decide()
        {
            var code = Context.GetHttpContext()!.Request.Cookies["kameleoonVisitorCode"]!;
            return clients.ForVisitor(code).GetVariation("checkout").Key;
        }

        public string DecideInRequest() => services.GetRequiredService<IKameleoonClient>().GetVariation("checkout").Key;
    }

    /// <summary>Sends each request with one HTTP version.</summary>
    private sealed class OneVersion(HttpMessageHandler inner, Version version) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Version = version;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
