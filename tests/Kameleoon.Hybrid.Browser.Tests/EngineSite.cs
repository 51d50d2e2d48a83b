using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>Pages with the engine and nothing else of ours, under a policy that runs nothing without its nonce.</summary>
internal sealed class EngineSite : IAsyncDisposable
{
    internal const string Engine = "<script async nonce=\"n1\" src=\"/_kameleoon/engine.js\"></script>";
    internal const long Marker = 424_242;

    /// <summary>Notes in <c>seen</c> what the engine says, with the reason where it has one.</summary>
    internal const string Recorder = "var seen = [];"
        + "for (const name of ['Loaded', 'Aborted', 'Started', 'ExperimentTriggered', 'ExperimentActivated'])"
        + " addEventListener('Kameleoon::' + name, event => seen.push(name + (event.detail.reason ? ' ' + event.detail.reason : '')));";

    private const string Policy = "default-src 'none'; script-src 'nonce-n1'; style-src 'nonce-n1'; connect-src http:; "
        + "img-src data:; frame-src http:; report-uri /reports";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _pages = new(StringComparer.Ordinal);

    private EngineSite(WebApplication app, ChangingProject project)
    {
        _app = app;
        Project = project;
    }

    /// <summary>What the engine of the next page runs.</summary>
    internal ChangingProject Project { get; }

    internal Uri Address => new(_app.Urls.First());

    internal KameleoonSandbox Sandbox => _app.Services.GetRequiredService<KameleoonSandbox>();

    internal ConcurrentQueue<string> Reports { get; } = new();

    /// <summary>Bodies that arrived at <c>/visit/events</c>, oldest first.</summary>
    internal ConcurrentQueue<string> Bodies { get; } = new();

    internal static async Task<EngineSite> StartAsync(EngineConfiguration? configuration = null, bool tellsSteps = false)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        var project = new ChangingProject { Configuration = configuration ?? new EngineConfiguration() };
        builder.Services.AddSingleton<IEngineConfigurationSource>(project);
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Configuration["Kameleoon:Sandbox:EngineSteps"] = tellsSteps ? "true" : "false";
        builder.Services.AddKameleoonSandbox();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var site = new EngineSite(app, project);
        app.Use(site.WatchAsync);
        app.MapKameleoonSandbox();
        app.MapPost("/reports", site.ReportAsync);
        app.MapGet("/sync", Rewrite);
        app.MapFallback("{**path}", site.PageAsync);
        await app.StartAsync();
        return site;
    }

    /// <summary>Adds a page; a script may stand before and after the engine's tag.</summary>
    internal string Add(string path, string before = "", string after = "", string body = "", string head = "", string engine = Engine)
    {
        _pages[path] = $"<!DOCTYPE html><html lang=\"en\"><head><title>t</title><link rel=\"icon\" href=\"data:,\">{head}</head>"
            + $"<body><p id=\"text\">text</p>{body}{Script(before)}{engine}{Script(after)}</body></html>";
        return At(path);
    }

    internal static string Script(string code) => code.Length == 0 ? "" : $"<script nonce=\"n1\">{code}</script>";

    /// <summary>What the server of a page writes into it for one decision.</summary>
    internal static string Decision(long experiment, long variation, bool trackingOnly = true) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        window.kameleoonQueue=window.kameleoonQueue||[];window.kameleoonQueue.push(['Experiments.assignVariation',{{experiment}},{{variation}},true]);window.kameleoonQueue.push(['Experiments.trigger',{{experiment}},{{(trackingOnly ? "true" : "false")}}]);
        """);

    /// <summary>Puts the clock of a page forward.</summary>
    internal static string Later(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{{ const now = Date.now; Date.now = () => now() + {time.TotalMilliseconds}; }}");

    /// <summary>A tree of conditions that all have to hold.</summary>
    internal static JsonElement Conditions(params string[] conditions) =>
        JsonElement.Parse($$"""{ "firstLevel": [{ "conditions": [{{string.Join(',', conditions)}}] }] }""");

    internal string At(string path, string host = "127.0.0.1") =>
        new UriBuilder(Address) { Host = host, Path = path.Split('?')[0], Query = path.Contains('?', StringComparison.Ordinal) ? path.Split('?')[1] : "" }
            .ToString();

    /// <summary>Sends a last event of the page and returns, once it arrived, all of its visitor's.</summary>
    internal async Task<IReadOnlyList<LiveEvent>> FinishAsync(IPage page)
    {
        var code = await page.EvaluateAsync<string>(
            "id => new Promise(done => (window.kameleoonQueue = window.kameleoonQueue || []).push(() => {"
            + " Kameleoon.API.Goals.processConversion(id); done(Kameleoon.API.Visitor.code); }))",
            Marker);
        var marker = Marker.ToString(CultureInfo.InvariantCulture);
        var events = await LiveEvents.WaitAsync(Address, code, sent => sent.Fields.GetValueOrDefault("goalId") == marker);
        return [.. events.Where(sent => sent.Fields.GetValueOrDefault("goalId") != marker)];
    }

    /// <summary>The visitor's code, once the engine knows it.</summary>
    internal static Task<string> CodeAsync(IPage page) => page.EvaluateAsync<string>(
        "() => new Promise(done => (window.kameleoonQueue = window.kameleoonQueue || []).push(() => done(Kameleoon.API.Visitor.code)))");

    /// <summary>Exposures as experiment and variation.</summary>
    internal static IEnumerable<string> Exposures(IEnumerable<LiveEvent> events) => events
        .Where(sent => sent.Type == "experiment")
        .Select(sent => $"{sent.Fields["id"]}/{sent.Fields["variationId"]}");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/_kameleoon/visit/events", StringComparison.Ordinal))
        {
            context.Request.EnableBuffering();
            using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
            Bodies.Enqueue(await reader.ReadToEndAsync());
            context.Request.Body.Position = 0;
        }

        await next(context);
    }

    /// <summary>Writes the code the engine brings as a server does, or another one.</summary>
    private static void Rewrite(HttpContext context, string kameleoonVisitorCode, string? instead) =>
        context.Response.Cookies.Append(
            "kameleoonVisitorCode",
            instead ?? kameleoonVisitorCode,
            new CookieOptions { Path = "/", MaxAge = TimeSpan.FromDays(380), SameSite = SameSiteMode.Lax });

    private async Task ReportAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Reports.Enqueue(await reader.ReadToEndAsync());
    }

    private async Task PageAsync(HttpContext context)
    {
        if (!_pages.TryGetValue(context.Request.Path.Value!, out var page))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy =
            context.Request.Query.ContainsKey("opaque") ? "sandbox allow-scripts" : Policy;
        await context.Response.WriteAsync(page);
    }

    internal sealed class ChangingProject : IEngineConfigurationSource
    {
        internal required EngineConfiguration Configuration { get; set; }

        public EngineConfiguration Read() => Configuration;
    }
}
