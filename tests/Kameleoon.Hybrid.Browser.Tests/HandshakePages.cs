using System.Text.Json;
using Kameleoon.Hybrid.Sandbox;
using Kameleoon.Hybrid.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>Pages that compare visitor codes, with an engine that prefers the code in its local storage, under a policy with a
/// nonce. Something in front of the application may change the cookies, or replay a page to everybody.</summary>
internal sealed class HandshakePages : IAsyncDisposable
{
    private readonly WebApplication _app;
    private string? _replayed;
    private string[]? _replayedCookies;

    private HandshakePages(WebApplication app) => _app = app;

    internal Uri Address => new(_app.Urls.First());

    internal static async Task<HandshakePages> StartAsync(
        IdentityHealing healing = IdentityHealing.PushServerCode, Func<string, string?>? changeCookie = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.Configuration["Kameleoon:SiteCode"] = "abcde12345";
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Configuration["Kameleoon:Trust:Sample"] = "1";
        builder.Configuration["Kameleoon:Trust:Heal"] = healing.ToString();
        builder.Configuration["Kameleoon:Bots:Exclude:0"] = "HeadlessChrome"; // what our browser says it is
        builder.Services.AddSingleton<IEngineConfigurationSource>(new LocalStorageFirst());
        builder.Services.AddKameleoonHybrid(builder.Configuration)
            .UseSandbox()
            .UseDataFile(new InMemoryDataFile(CheckoutFlag.DataFile))
            .AddKameleoonTrust();
        var app = builder.Build();
        var pages = new HandshakePages(app);
        app.Urls.Add("http://127.0.0.1:0");
        app.Use((context, next) => ChangeAsync(context, next, changeCookie));
        app.MapGet("/file.js", (HttpContext context) =>
        {
            context.Response.ContentType = "text/javascript";
            context.Response.Headers.SetCookie = pages._replayedCookies ?? [];
            return Task.CompletedTask;
        });
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                pages._replayedCookies ??= context.Request.Path == "/page" ? context.Response.Headers.SetCookie.OfType<string>().ToArray() : null;
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseKameleoonVisitorCode();
        app.MapKameleoonSandbox();
        app.MapKameleoonTrust();
        app.MapGet("/page", async (HttpContext context, IKameleoonClient kameleoon) =>
            await context.Response.WriteAsync(await RenderAsync(context, kameleoon)));
        app.MapGet("/with-file", async (HttpContext context, IKameleoonClient kameleoon) => await context.Response.WriteAsync(
            await RenderAsync(context, kameleoon, "<script nonce=\"n1\" src=\"/file.js\"></script>")));
        app.MapGet("/replayed", async (HttpContext context, IKameleoonClient kameleoon) =>
            await context.Response.WriteAsync(pages._replayed ??= await RenderAsync(context, kameleoon)));
        await app.StartAsync();
        return pages;
    }

    internal string At(string path) => new Uri(Address, path).ToString();

    /// <summary>Waits until a number of pages have reported, and returns the report of the visitor codes.</summary>
    internal async Task<(long Agreed, long Differed, string Cause, string Repair)> WaitForReportsAsync(long pages)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var deadline = new CancellationTokenSource(HangGuard.Timeout);
        while (true)
        {
            using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri("/kameleoon/trust", UriKind.Relative), deadline.Token));
            var identity = json.RootElement.GetProperty("identity");
            var (agreed, differed) = (identity.GetProperty("agreed").GetInt64(), identity.GetProperty("differed").GetInt64());
            if (agreed + differed >= pages)
            {
                return (agreed, differed, CountsOf(identity, "causes"), CountsOf(identity, "repairs"));
            }

            await Task.Delay(20, deadline.Token);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string CountsOf(JsonElement identity, string name) => string.Join(' ', identity.GetProperty(name).EnumerateObject()
        .Where(static count => count.Value.GetInt64() > 0).Select(static count => $"{count.Name}={count.Value.GetInt64()}"));

    private static Task ChangeAsync(HttpContext context, RequestDelegate next, Func<string, string?>? changeCookie)
    {
        context.Items["csp-nonce"] = "n1";
        if (!context.Request.Path.StartsWithSegments("/_kameleoon", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentSecurityPolicy =
                "default-src 'none'; script-src 'nonce-n1'; style-src 'nonce-n1'; connect-src 'self'; img-src 'self' data:";
        }

        if (changeCookie is not null)
        {
            context.Response.OnStarting(() =>
            {
                var cookies = context.Response.Headers.SetCookie.OfType<string>().Select(changeCookie).OfType<string>().ToArray();
                context.Response.Headers.SetCookie = cookies;
                return Task.CompletedTask;
            });
        }

        return next(context);
    }

    private static async Task<string> RenderAsync(HttpContext context, IKameleoonClient kameleoon, string file = "")
    {
        kameleoon.GetVariation("checkout");
        context.Response.ContentType = "text/html; charset=utf-8";
        return "<!DOCTYPE html><html lang=\"en\"><head><title>t</title><link rel=\"icon\" href=\"data:,\"></head><body>"
            + $"<p id=\"code\">{kameleoon.GetVisitorCode()}</p>" + file + await RenderedTag.OfAsync(context, new TrackingTagHelper())
            + await RenderedTag.OfAsync(context, new EngineTagHelper { Unify = false }) + "</body></html>";
    }

    private sealed class LocalStorageFirst : IEngineConfigurationSource
    {
        public EngineConfiguration Read() => new() { VisitorCodeInLocalStorage = true };
    }
}
