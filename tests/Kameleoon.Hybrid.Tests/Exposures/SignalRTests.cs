using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What a hub decides is reported while the connection stays open, whatever carries it.</summary>
public sealed class SignalRTests
{
    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task A_hub_s_exposure_is_reported_at_once_over_each_transport(HttpTransportType transport)
    {
        await using var site = await TestSite.StartAsync(
            services: services => services.AddSignalR(),
            map: app => app.MapHub<DecidingHub>("/hub"));
        await using var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(site.Http.BaseAddress!, "/hub"), transport, options =>
            {
                options.Headers["Cookie"] = "kameleoonVisitorCode=anna";
            })
            .Build();
        await connection.StartAsync();

        (await connection.InvokeAsync<string>("Decide")).ShouldBe("on");
        (await connection.InvokeAsync<string>("Decide")).ShouldBe("on");
        await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync();

        connection.State.ShouldBe(HubConnectionState.Connected);
        site.Platform.Events.ShouldHaveSingleItem()["visitorCode"].ShouldBe("anna");
        site.Log.Texts(202).ShouldBeEmpty();
    }

    /// <summary>Decides for the visitor of the connection's cookie: a long poll has no request that lasts.</summary>
    public sealed class DecidingHub(IKameleoonClientFactory clients) : Hub
    {
        public string Decide()
        {
            var code = Context.GetHttpContext()!.Request.Cookies["kameleoonVisitorCode"]!;
            return clients.ForVisitor(code).GetVariation("checkout").Key;
        }
    }
}
