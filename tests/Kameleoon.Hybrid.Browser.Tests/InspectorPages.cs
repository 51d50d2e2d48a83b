using System.Net;
using Kameleoon.Hybrid.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>A staging site whose testers see the inspector, under the strictest policy, on Kestrel.</summary>
public sealed class InspectorPages : IAsyncLifetime
{
    internal const int Flags = 30;

    // What a careless page says about its own elements.
    private const string Hostile = """
        *{font-size:40px!important;line-height:3!important;color:#f00!important;letter-spacing:4px}
        button,p,ul,li,span,section,header,code,div{display:none!important}
        div{position:static!important;transform:scale(2);opacity:.1!important;visibility:hidden!important;width:1px!important}
        """;

    private WebApplication _app = null!;

    public Uri Address => new(_app.Urls.First());

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Staging" });
        builder.Logging.ClearProviders();
        builder.Configuration["Kameleoon:SiteCode"] = "abcde12345";
        builder.Configuration["Kameleoon:Endpoints:Tracking"] = "http://127.0.0.1:9";
        builder.Configuration["Kameleoon:Bots:Exclude:0"] = "HeadlessChrome"; // what our browser says it is
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseDataFile(new InMemoryDataFile(DataFile()));
        TesterAuthentication.Add(builder.Services);
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Use(Protect);
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.UseKameleoonVisitorCode();
        _app.MapKameleoonOverrides().RequireAuthorization(TesterAuthentication.Policy);
        _app.MapGet("/page", PageAsync);
        _app.MapGet("/empty", () => Html("<button>first</button>"));
        await _app.StartAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    private static string DataFile()
    {
        var flags = Enumerable.Range(0, Flags).Select(static number => $$"""
            {
              "id": {{number}}, "featureKey": "{{(number == 0 ? "checkout" : $"flag-{number}")}}", "environmentEnabled": true,
              "defaultVariationKey": "off",
              "variations": [{ "key": "off" }, { "key": "on" }, { "key": "a-variation-with-a-long-key" }],
              "rules": [{ "id": {{100 + number}}, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": {{7001 + number}},
                "variationByExposition": [{ "variationKey": "on", "variationId": {{81001 + number}}, "exposition": 1 }] }]
            }
            """);
        return $$"""{ "configuration": {}, "featureFlags": [{{string.Join(',', flags)}}] }""";
    }

    private static Task Protect(HttpContext context, RequestDelegate next)
    {
        context.Items["csp-nonce"] = "n1";
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'nonce-n1'; style-src 'nonce-n1'; connect-src 'self'; img-src data:";
        return next(context);
    }

    private static async Task<IResult> PageAsync(HttpContext context, IKameleoonClient kameleoon, bool hostile = false)
    {
        var shown = kameleoon.GetVariation("checkout").Key;
        var inspector = await RenderedTag.OfAsync(context, new InspectorTagHelper { Policy = TesterAuthentication.Policy });
        return Html(
            $"<h1>{WebUtility.HtmlEncode(shown)}</h1>{inspector}",
            hostile ? $"<style nonce=\"n1\">{Hostile}</style>" : "");
    }

    private static IResult Html(string body, string head = "") => Results.Content(
        "<!DOCTYPE html><html lang=\"en\"><head><title>t</title><meta name=\"viewport\" content=\"width=device-width\">"
        + $"<link rel=\"icon\" href=\"data:,\">{head}</head><body>{body}</body></html>",
        "text/html");
}
