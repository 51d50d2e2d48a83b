using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.SignalR;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Where a visitor code may come from, in which order, and who gets to know it.</summary>
public sealed class VisitorCodeSourceTests
{
    [Fact]
    public async Task A_linked_code_wins_over_the_browser_s_and_replaces_it_in_the_cookie()
    {
        await using var site = await StartAsync(options => options.LinkedVisitorCode =
            static async context =>
            {
                await Task.Yield();
                return context.Request.Headers["X-User"].Count > 0 ? "linked" : null;
            });

        using var signedIn = await site.GetAsync(
            "/code?kameleoonVisitorCode=query", ("Cookie", "kameleoonVisitorCode=browser"), ("X-User", "anna"));
        using var anonymous = await site.GetAsync("/code", ("Cookie", "kameleoonVisitorCode=browser"));

        (await signedIn.Content.ReadAsStringAsync()).ShouldBe("linked");
        VisitorCodeTests.SetCookies(signedIn)[0].ShouldStartWith("kameleoonVisitorCode=linked;");
        (await anonymous.Content.ReadAsStringAsync()).ShouldBe("browser");
    }

    [Theory]
    [InlineData("", "given")]
    [InlineData("?kameleoonVisitorCode=query", "query")]
    public async Task The_application_s_default_comes_before_a_new_code_only(string query, string expected)
    {
        await using var site = await StartAsync(options => options.DefaultVisitorCode = static _ => "given");

        (await site.ReadAsync("/code" + query)).ShouldBe(expected);
        (await site.ReadAsAsync("browser", "/code" + query)).ShouldBe("browser");
    }

    [Fact]
    public async Task Where_the_cookie_is_not_to_be_read_the_application_s_code_replaces_it()
    {
        await using var site = await StartAsync(options =>
        {
            options.Cookie.Read = false;
            options.DefaultVisitorCode = static _ => "given";
        });

        using var response = await site.GetAsync("/code", ("Cookie", "kameleoonVisitorCode=browser"));

        (await response.Content.ReadAsStringAsync()).ShouldBe("given");
        VisitorCodeTests.SetCookies(response)[0].ShouldStartWith("kameleoonVisitorCode=given;");
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("fails")]
    public async Task A_code_of_the_application_that_is_none_is_passed_over_and_logged_once(string code)
    {
        string Give() => code is "fails" ? throw new InvalidOperationException("The user table is away.") : code;
        await using var site = await StartAsync(options =>
        {
            options.LinkedVisitorCode = _ => new(Give());
            options.DefaultVisitorCode = _ => Give();
        });

        (await site.ReadAsync("/code")).ShouldMatch("^[a-z0-9]{16}$");
        (await site.ReadAsAsync("browser", "/code")).ShouldBe("browser");

        site.Log.Texts(208).ShouldHaveSingleItem().ShouldContain(nameof(KameleoonOptions.LinkedVisitorCode));
    }

    [Fact]
    public async Task The_first_request_knows_its_code_in_every_kind_of_handler()
    {
        await using var site = await StartAsync();

        foreach (var path in new[] { "/everywhere", "/controller", "/branch" })
        {
            using var response = await site.GetAsync(path);
            var codes = (await response.Content.ReadAsStringAsync()).Split(' ').Distinct(StringComparer.Ordinal);

            var code = codes.ShouldHaveSingleItem();
            VisitorCodeTests.SetCookies(response)[0].ShouldStartWith($"kameleoonVisitorCode={code};");
        }
    }

    [Fact]
    public async Task A_hub_knows_the_visitor_of_the_page_and_its_negotiation_makes_none_up()
    {
        await using var site = await StartAsync();

        using var negotiation = await site.SendAsync(
            HttpMethod.Post, "/hub/negotiate?negotiateVersion=1", ("Sec-Fetch-Dest", "empty"));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", "kameleoonVisitorCode=anna");
        await socket.ConnectAsync(new UriBuilder(site.Http.BaseAddress!) { Scheme = "ws", Path = "/hub" }.Uri, default);
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        await SendAsync(socket, """{"type":1,"invocationId":"1","target":"Code","arguments":[]}""");

        VisitorCodeTests.SetCookies(negotiation).ShouldBeEmpty();
        (await ReceiveAsync(socket, until: "\"invocationId\"")).ShouldContain("\"result\":\"anna\"");
    }

    [Fact]
    public async Task What_a_hub_decides_is_reported_at_once_while_the_socket_stays_open()
    {
        await using var site = await StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", "kameleoonVisitorCode=anna");
        await socket.ConnectAsync(new UriBuilder(site.Http.BaseAddress!) { Scheme = "ws", Path = "/hub" }.Uri, default);
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        await SendAsync(socket, """{"type":1,"invocationId":"1","target":"Decide","arguments":[]}""");
        (await ReceiveAsync(socket, until: "\"invocationId\"")).ShouldContain("\"result\":\"on\"");

        await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync();

        socket.State.ShouldBe(WebSocketState.Open);
        site.Platform.Events.ShouldHaveSingleItem()["visitorCode"].ShouldBe("anna");
    }

    [Fact]
    public async Task What_a_socket_of_nobody_decides_is_dropped_at_once_and_not_collected()
    {
        await using var site = await StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Sec-Fetch-Dest", "websocket");
        await socket.ConnectAsync(new UriBuilder(site.Http.BaseAddress!) { Scheme = "ws", Path = "/hub" }.Uri, default);
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        await SendAsync(socket, """{"type":1,"invocationId":"1","target":"Decide","arguments":[]}""");
        (await ReceiveAsync(socket, until: "\"invocationId\"")).ShouldContain("\"result\":\"on\"");

        socket.State.ShouldBe(WebSocketState.Open);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "unshared").ShouldBe(1);
        site.Platform.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_decided_before_a_socket_opened_is_reported_when_it_closes()
    {
        await using var site = await StartAsync();
        using (var socket = new ClientWebSocket())
        {
            socket.Options.SetRequestHeader("Cookie", "kameleoonVisitorCode=anna");
            await socket.ConnectAsync(new UriBuilder(site.Http.BaseAddress!) { Scheme = "ws", Path = "/socket" }.Uri, default);
        }

        await site.CompletedAsync();

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["visitorCode"].ShouldBe("anna");
    }

    [Fact]
    public async Task Pages_without_a_decision_stay_as_they_are_where_the_site_wants_that()
    {
        await using var site = await StartAsync(options => options.Cookie.OnlyOnDecision = true);

        using var plain = await site.GetAsync("/plain");
        using var decided = await site.GetAsync("/decide/checkout");

        VisitorCodeTests.SetCookies(plain).ShouldBeEmpty();
        plain.Headers.CacheControl.ShouldBeNull();
        VisitorCodeTests.SetCookies(decided).Count.ShouldBe(2);
    }

    private static Task<TestSite> StartAsync(Action<KameleoonOptions>? options = null) => TestSite.StartAsync(
        options,
        services: services =>
        {
            services.AddControllers().AddApplicationPart(typeof(CodeController).Assembly);
            services.AddSignalR();
        },
        map: app =>
        {
            Pages.Map(app);
            app.MapControllers();
            app.MapHub<CodeHub>("/hub");
            app.UseWebSockets();
            app.Map("/socket", branch => branch.Run(async context =>
            {
                context.RequestServices.GetRequiredService<IKameleoonClient>().GetVariation("checkout");
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                try
                {
                    await socket.ReceiveAsync(new byte[16], default);
                }
                catch (WebSocketException)
                {
                    // The browser is gone.
                }
            }));
            app.Map("/branch", branch => branch.Run(context => context.Response.WriteAsync(
                context.RequestServices.GetRequiredService<IKameleoonClient>().GetVisitorCode())));
            app.MapGet("/everywhere", async (IKameleoonClient client, IServiceScopeFactory scopes) =>
            {
                var parallel = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() =>
                {
                    using var scope = scopes.CreateScope();
                    return scope.ServiceProvider.GetRequiredService<IKameleoonClient>().GetVisitorCode();
                })));
                return string.Join(' ', [client.GetVisitorCode(), .. parallel]);
            }).AddEndpointFilter(async (invocation, next) =>
            {
                var factory = invocation.HttpContext.RequestServices.GetRequiredService<IKameleoonClientFactory>();
                return $"{await next(invocation)} {factory.ForRequest(invocation.HttpContext).GetVisitorCode()}";
            });
        });

    private static Task SendAsync(ClientWebSocket socket, string message) => socket.SendAsync(
        Encoding.UTF8.GetBytes(message + "\u001e"), WebSocketMessageType.Text, endOfMessage: true, default);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket, string until)
    {
        using var late = new CancellationTokenSource(HangGuard.Timeout);
        var received = new StringBuilder();
        var buffer = new byte[4096];
        while (!received.ToString().Contains(until, StringComparison.Ordinal))
        {
            var part = await socket.ReceiveAsync(buffer, late.Token);
            received.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
        }

        return received.ToString();
    }
}

[ApiController]
public sealed class CodeController(IKameleoonClient client) : ControllerBase
{
    [HttpGet("/controller")]
    public string Get() => client.GetVisitorCode();
}

public sealed class CodeHub(IKameleoonClientFactory factory) : Hub
{
    public string Code() => factory.ForRequest(Context.GetHttpContext()!).GetVisitorCode();

    public string Decide() => factory.ForRequest(Context.GetHttpContext()!).GetVariation("checkout").Key;
}
