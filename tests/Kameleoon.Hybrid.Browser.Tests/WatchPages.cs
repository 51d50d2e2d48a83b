using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>Pages that are left early, and pages that Turbo and htmx fetch, under a policy with a nonce.</summary>
public sealed class WatchPages : IAsyncLifetime
{
    private readonly string _file = Path.GetTempFileName();
    private WebApplication _app = null!;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Ends what a slow engine waits for.</summary>
    internal TaskCompletionSource Slow { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What pages told the server about their exposures: method and query.</summary>
    internal ConcurrentQueue<string> Told { get; } = new();

    /// <summary>The pages asked for, with an exclamation mark where they were fetched ahead.</summary>
    internal ConcurrentQueue<string> Asked { get; } = new();

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_file, CheckoutFlag.DataFile);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.Configuration["Kameleoon:SiteCode"] = "abcde12345";
        builder.Configuration["Kameleoon:Sandbox:DataFile"] = _file;
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Configuration["Kameleoon:Tracking:CarryFor"] = "00:10:00"; // a busy machine is no visitor who stays away
        builder.Configuration["Kameleoon:Bots:Exclude:0"] = "HeadlessChrome"; // what our browser says it is
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Use(WatchAsync);
        _app.UseStaticFiles(new StaticFileOptions
        {
            RequestPath = "/modules",
            FileProvider = new PhysicalFileProvider(Modules),
        });
        _app.UseKameleoonVisitorCode();
        _app.MapKameleoonSandbox();
        _app.MapGet("/page", PageAsync);
        _app.MapGet("/tag", async context => await Html(
            context,
            "<p id=\"tag\">tag</p>" + await RenderedTag.OfAsync(context, new TrackingTagHelper())
                + await RenderedTag.OfAsync(context, new EngineTagHelper { Unify = false })));
        _app.MapGet("/plain", context => Html(context, "<p id=\"plain\">plain</p>"));
        _app.MapGet("/turbo", context => Html(context, Links, FrameworkHead("@hotwired/turbo/dist/turbo.es2017-umd.js")));
        _app.MapGet("/htmx", context => Html(
            context,
            "<div hx-ext=\"preload\"><a id=\"link\" href=\"/shown?f=htmx\" hx-get=\"/shown?f=htmx\" hx-target=\"#main\" preload=\"mouseover\" "
            + "preload-images=\"false\">link</a></div><main id=\"main\"></main>",
            "<meta name=\"htmx-config\" content='{\"inlineScriptNonce\":\"n1\",\"includeIndicatorStyles\":false,\"allowEval\":false}'>"
            + FrameworkHead("htmx.org/dist/htmx.js") + Script("htmx-ext-preload/preload.js")));
        _app.MapGet("/shown", ShownAsync);
        _app.MapGet("/slow.js", async context => await Slow.Task.WaitAsync(context.RequestAborted));
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        Slow.TrySetResult();
        await _app.DisposeAsync();
        File.Delete(_file);
    }

    private const string Links = "<a id=\"link\" href=\"/shown?f=turbo\">link</a>";

    private static string Modules => typeof(WatchPages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "Modules").Value!;

    private static string Script(string module) => $"<script nonce=\"n1\" src=\"/modules/{module}\"></script>";

    private static string FrameworkHead(string module) => "<meta name=\"csp-nonce\" content=\"n1\">" + Script(module);

    private Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        context.Items["csp-nonce"] = "n1";
        var path = context.Request.Path;
        if (!path.StartsWithSegments("/_kameleoon", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentSecurityPolicy =
                "default-src 'none'; script-src 'nonce-n1'; style-src 'nonce-n1'; connect-src 'self'; img-src 'self' data:";
        }

        if (path == "/kameleoon/seen")
        {
            Told.Enqueue(context.Request.Method + context.Request.QueryString);
        }
        else if (path == "/shown")
        {
            Asked.Enqueue(context.Request.Headers.ContainsKey("X-Sec-Purpose") || context.Request.Headers.ContainsKey("HX-Preloaded")
                ? "ahead"
                : "now");
        }

        return next(context);
    }

    /// <param name="context">The request.</param>
    /// <param name="kameleoon">Decides the page.</param>
    /// <param name="leave">Where the page goes elsewhere by script: early (in the head, before any tag), head (behind a tag
    /// there), parsed, end; or null.</param>
    /// <param name="src">Another engine.</param>
    /// <param name="to">Where it goes.</param>
    private static async Task PageAsync(HttpContext context, IKameleoonClient kameleoon, string? leave = null, string? src = null, string to = "/plain")
    {
        kameleoon.GetVariation("checkout");
        var replace = $"location.replace(\"{to}\")";
        var script = leave switch
        {
            null => "",
            "parsed" => $"<script nonce=\"n1\">addEventListener(\"DOMContentLoaded\",function(){{{replace}}})</script>",
            _ => $"<script nonce=\"n1\">{replace}</script>",
        };
        var tracking = await RenderedTag.OfAsync(context, new TrackingTagHelper());
        var engine = await RenderedTag.OfAsync(context, new EngineTagHelper { Src = src, Unify = false });
        await Html(
            context,
            "<a id=\"away\" href=\"/plain\">away</a>" + (leave == "head" ? "" : tracking) + engine + (leave == "end" ? script : ""),
            leave switch { "head" => tracking + script, "parsed" or "early" => script, _ => "" });
    }

    private static async Task ShownAsync(HttpContext context, IKameleoonClient kameleoon, string f)
    {
        kameleoon.GetVariation("checkout");
        var body = $"<p id=\"shown\">shown</p><a id=\"back\" href=\"/{f}\">back</a>"
            + await RenderedTag.OfAsync(context, new TrackingTagHelper());
        if (f == "turbo")
        {
            await Html(context, body, FrameworkHead("@hotwired/turbo/dist/turbo.es2017-umd.js"));
        }
        else
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(body);
        }
    }

    private static async Task Html(HttpContext context, string body, string head = "")
    {
        var engine = head.Contains("/modules/", StringComparison.Ordinal)
            ? await RenderedTag.OfAsync(context, new EngineTagHelper { Unify = false })
            : "";
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(
            $"<!DOCTYPE html><html lang=\"en\"><head><title>t</title><link rel=\"icon\" href=\"data:,\">{head}{engine}</head>"
            + $"<body>{body}</body></html>");
    }
}
