using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>Pages with our tags in every arrangement, under the strictest policy, on Kestrel with the sandbox.</summary>
public sealed class TagPages : IAsyncLifetime, IAsyncDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private WebApplication _app = null!;

    public Uri Address => new(_app.Urls.First());

    /// <summary>The cookie's domain; null is the host alone.</summary>
    internal string? CookieDomain { get; init; }

    /// <summary>What pages and requests for them told, oldest first.</summary>
    internal ConcurrentQueue<string> Told { get; } = new();

    /// <summary>Ends what <c>/slow.js</c> waits for.</summary>
    public TaskCompletionSource Slow { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal static async Task<TagPages> StartAsync(string? cookieDomain = null)
    {
        var pages = new TagPages { CookieDomain = cookieDomain };
        await pages.InitializeAsync();
        return pages;
    }

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_file, CheckoutFlag.DataFile);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.Configuration["Kameleoon:SiteCode"] = "abcde12345";
        builder.Configuration["Kameleoon:Sandbox:DataFile"] = _file;
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Configuration["Kameleoon:Bots:Exclude:0"] = "HeadlessChrome"; // what our browser says it is
        builder.Configuration["Kameleoon:Cookie:Domain"] = CookieDomain;
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox();
        builder.Services.Configure<KameleoonOptions>(options => options.LinkedVisitorCode =
            static context => new(context.Request.Query["user"].ToString() is { Length: > 0 } user ? user : null));
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Use(Protect);
        _app.Use(TellPurposeAsync);
        _app.MapGet("/tell", context =>
        {
            Told.Enqueue(context.Request.Query["what"].ToString());
            return Task.CompletedTask;
        });
        _app.MapGet("/told", () => string.Join('\n', Told));
        _app.MapGet("/speculating", Speculating);
        _app.MapGet("/host", () => Html("<iframe src='/page?mode=Sync&kameleoonVisitorCode=framed'></iframe>"));
        _app.UseWhen(context => context.Request.Path != "/host", app => app.UseKameleoonVisitorCode());
        _app.MapKameleoonSandbox();
        _app.MapGet("/page", PageAsync);
        _app.MapGet("/inspected", InspectedAsync);
        _app.MapGet("/empty", () => Html("<main></main>"));
        _app.MapGet("/unify", (Delegate)UnifyAsync);
        _app.MapGet("/frame", () => Html(Frame));
        _app.MapGet("/slow.js", async () =>
        {
            await Slow.Task;
            return Results.Text("", "text/javascript");
        });
        await _app.StartAsync();
        _app.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value.Engine.Unify =
            new Uri($"http://localhost:{Address.Port}/frame");
    }

    public async Task DisposeAsync()
    {
        Slow.TrySetResult();
        await _app.DisposeAsync();
        File.Delete(_file);
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private static Task Protect(HttpContext context, RequestDelegate next)
    {
        context.Items["csp-nonce"] = "n1";
        if (!context.Request.Path.StartsWithSegments("/_kameleoon", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'nonce-n1'; "
                + "style-src 'nonce-n1'; connect-src 'self'; img-src 'self' data:; frame-src http://localhost:* 'self'";
        }

        return next(context);
    }

    private Task TellPurposeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path == "/page")
        {
            Told.Enqueue($"asked {context.Request.Headers["Sec-Purpose"]}".TrimEnd());
        }

        return next(context);
    }

    /// <summary>Has the browser fetch or render a page ahead, and shows it, if at all, when it says that it is ready.</summary>
    private static IResult Speculating(string how, string to, string ready, bool shows = true)
    {
        var url = JavaScriptEncoder.Default.Encode(to);
        return Html(
            $$"""
            <script nonce="n1" type="speculationrules">
            { "{{how}}": [{ "source": "list", "urls": ["{{url}}"], "eagerness": "immediate" }] }
            </script>
            <script nonce="n1">
            const timer = setInterval(async () => {
              const told = await (await fetch("/told")).text();
              if (told.includes("{{ready}}")) {
                clearInterval(timer);
                // Longer than the engine gathers events.
                {{(shows ? $"location.href = \"{url}\";" : "setTimeout(() => fetch(\"/tell?what=waited\"), 1000);")}}
              }
            }, 50);
            </script>
            """);
    }

    /// <param name="context">The request.</param>
    /// <param name="kameleoon">Decides the page.</param>
    /// <param name="mode">How the engine is loaded; the modes for the head stand there.</param>
    /// <param name="trackingLast">Whether the tracking tag comes after the engine.</param>
    /// <param name="guard">Whether it waits for the page to be shown.</param>
    /// <param name="overlay">How the page is hidden.</param>
    /// <param name="timeout">For how long.</param>
    /// <param name="src">Another engine.</param>
    /// <param name="tells">Whether the page tells what its engine does.</param>
    private static async Task<IResult> PageAsync(
        HttpContext context, IKameleoonClient kameleoon, EngineMode mode, bool trackingLast = false, bool guard = false,
        EngineOverlay overlay = EngineOverlay.Cover, int timeout = 750, string? src = null,
        bool tells = false)
    {
        kameleoon.GetVariation("checkout");
        var engine = await RenderedTag.OfAsync(context, new EngineTagHelper
        {
            Mode = mode,
            Overlay = overlay,
            Timeout = timeout,
            Src = src,
            Unify = false,
        });
        var tracking = await RenderedTag.OfAsync(context, new TrackingTagHelper { GuardPrerender = guard });
        var inHead = mode is EngineMode.Sync or EngineMode.AsyncAntiFlicker;
        return Html(
            inHead ? tracking : trackingLast ? engine + tracking : tracking + engine,
            (tells ? $"<script nonce=\"n1\">{Teller}</script>" : "") + (inHead ? engine : ""));
    }

    private static async Task<IResult> InspectedAsync(HttpContext context, IKameleoonClient kameleoon) => Html(
        $"<h1>{kameleoon.GetVariation("checkout").Key}</h1>"
        + await RenderedTag.OfAsync(context, new TrackingTagHelper())
        + await RenderedTag.OfAsync(context, new InspectorTagHelper()));

    private static async Task<IResult> UnifyAsync(HttpContext context)
    {
        const string Forgery = "window.postMessage(JSON.stringify({kameleoonMessage:true,data:'forged'}),'*')";
        var engine = await RenderedTag.OfAsync(context, new EngineTagHelper());
        return Html($"{engine}<script nonce=\"n1\">{Forgery}</script>");
    }

    private const string Teller = """
        addEventListener("Kameleoon::Aborted", event => fetch("/tell?what=Aborted+" + event.detail.reason));
        addEventListener("Kameleoon::Started", () => fetch("/tell?what=Started"));
        """;

    // It answers when it is asked, to whoever asks, with what it was asked.
    private const string Frame = """
        <script nonce="n1">
        addEventListener("message", event => event.source.postMessage(
          JSON.stringify({ kameleoonMessage: true, type: "answer", data: { asked: JSON.parse(event.data).type } }), event.origin));
        </script>
        """;

    private static IResult Html(string body, string head = "") => Results.Content(
        $"<!DOCTYPE html><html lang=\"en\"><head><title>t</title><link rel=\"icon\" href=\"data:,\">{head}</head>"
        + $"<body><p id=\"text\">text</p>{body}</body></html>",
        "text/html");
}
