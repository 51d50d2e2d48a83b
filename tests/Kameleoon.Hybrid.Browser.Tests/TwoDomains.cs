using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>A shop and its payment pages on two registrable domains, decided by the server and tracked by the engine;
/// and a page of a stranger.</summary>
internal sealed class TwoDomains : IAsyncDisposable
{
    internal const string Shop = "first.localhost";
    internal const string Pay = "second.localhost";
    internal const string Stranger = "stranger.localhost";

    // The server's cookie has no domain here, and the engine has to write the same one.
    private const string Project = """
        {
          "engine": { "crossDomains": ["first.localhost", "second.localhost"], "cookie": { "scope": "host" } },
          "flags": {
            "checkout": {
              "default": "off", "variations": { "off": {}, "on": {} },
              "rules": [{ "id": 11, "experiment": 7001,
                "split": { "off": { "weight": 1, "id": 81000 }, "on": { "weight": 1, "id": 81001 } } }]
            }
          }
        }
        """;

    private readonly WebApplication _app;

    private TwoDomains(string[] serverDomains)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.Configuration["Kameleoon:SiteCode"] = "abcde12345";
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Configuration["Kameleoon:Sandbox:Enabled"] = "true";
        builder.Configuration["Kameleoon:Bots:Exclude:0"] = "HeadlessChrome"; // the user agent of the tests' browser
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox();
        builder.Services.Configure<KameleoonOptions>(options =>
        {
            foreach (var domain in serverDomains)
            {
                options.CrossDomains.Add(domain);
            }
        });
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.UseKameleoonVisitorCode();
        _app.Services.GetRequiredService<KameleoonSandbox>().SetProject(Project);
        _app.MapKameleoonSandbox();
        _app.MapGet("/", Links);
        _app.MapGet("/stranger", () => Results.Content(Forged(), "text/html"));
        _app.MapGet("/go", (IKameleoonClient client) => Results.Redirect(client.GetCrossDomainLink(At("/page?keep=1", Pay))));
        _app.MapMethods("/page", ["GET", "POST"], (IKameleoonClient client) =>
            Page(client, $"<p id=\"server\">{client.GetVisitorCode()}</p>"));
    }

    internal static async Task<TwoDomains> StartAsync(params string[] serverDomains)
    {
        var site = new TwoDomains(serverDomains);
        await site._app.StartAsync();
        return site;
    }

    internal string At(string path, string host) => $"http://{host}:{new Uri(_app.Urls.First()).Port}{path}";

    /// <summary>Opens the shop and returns the code on which its server and its engine agree.</summary>
    internal async Task<string> OpenAsync(IPage page, string host = Shop)
    {
        await page.GotoAsync(At("/", host));
        return await AgreedCodeAsync(page);
    }

    /// <summary>Returns the code of the page's engine, which its server, its cookie and its local storage have as well.
    /// </summary>
    internal static async Task<string> AgreedCodeAsync(IPage page)
    {
        var code = await EngineSite.CodeAsync(page);
        (await page.TextContentAsync("#server")).ShouldBe(code);
        (await page.EvaluateAsync<string>("document.cookie")).Split("; ")
            .Where(cookie => cookie.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal))
            .ShouldBe([$"kameleoonVisitorCode={code}"]);
        (await page.EvaluateAsync<string>("JSON.parse(localStorage.getItem('kameleoonVisitorCode')).value")).ShouldBe(code);
        return code;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // The server makes the links, and the script keeps the engine from making them, too.
    private IResult Links(IKameleoonClient client)
    {
        var target = client.GetCrossDomainLink(At("/page?keep=1#part", Pay));
        return Page(client, $"""
            <p id="server">{client.GetVisitorCode()}</p>
            <script>for (const type of ['click', 'submit']) addEventListener(type, event => event.stopPropagation(), true);</script>
            <a id="link" href="{target}">pay</a>
            <a id="go" href="/go">go</a>
            {Forged()}
            <form id="form" method="post" action="{target}"><button id="send">pay</button></form>
            <form id="get-form" action="{At("/page", Pay)}"><input type="hidden" name="keep" value="1">
            <input type="hidden" name="kameleoonVisitorCode" value="{client.GetVisitorCode()}"><button id="get">pay</button></form>
            <form id="other-form" method="post" action="/"><button id="there" formaction="{target}">pay</button></form>
            """);
    }

    private string Forged() => $"<a id=\"forged\" href=\"{At("/page?keep=1&kameleoonVisitorCode=forged#part", Pay)}\">forged</a>";

    private static IResult Page(IKameleoonClient client, string body)
    {
        client.GetVariation("checkout");
        return Results.Content(
            $"""
            <!DOCTYPE html><html lang="en"><head><title>t</title><link rel="icon" href="data:,"></head><body>{body}
            <script>{client.GetEngineTrackingCode()}</script><script async src="/_kameleoon/engine.js"></script></body></html>
            """,
            "text/html");
    }
}
