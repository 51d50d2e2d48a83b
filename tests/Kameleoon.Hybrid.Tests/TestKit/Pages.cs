using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The pages of the test site.</summary>
internal static class Pages
{
    internal static void Map(WebApplication app)
    {
        app.MapGet("/code", (IKameleoonClient client) => client.GetVisitorCode());
        app.MapGet("/plain", () => "hello");
        app.MapMethods("/decide/{key}", ["GET", "HEAD", "POST"], (string key, IKameleoonClient client) =>
            client.GetVariation(key).Key);
        app.MapGet("/look/{key}", (string key, IKameleoonClient client) => client.GetVariation(key, track: false).Key);
        app.MapGet("/page/{key}", (string key, IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation(key);
            return Results.Content(Tracking(context), "text/html");
        });
        app.MapGet("/all", (IKameleoonClient client) => client.GetVariations().Keys);
        app.MapGet("/engine-code/{key}", (string key, bool track, IKameleoonClient client) =>
        {
            client.GetVariation(key, track);
            return client.GetEngineTrackingCode();
        });
        app.MapGet("/status/{status:int}/{key}", (int status, string key, IKameleoonClient client) =>
        {
            client.GetVariation(key);
            return Results.Text("x", statusCode: status);
        });
        app.MapPost("/buy", (IKameleoonClient client) => client.TrackConversion(55, 10.50m));
    }

    internal static string Tracking(HttpContext context, string? nonce = null) =>
        Render(new TrackingTagHelper { ViewContext = View(context), Nonce = nonce });

    internal static string Engine(HttpContext context, string? nonce = null) =>
        Render(new EngineTagHelper { ViewContext = View(context), Nonce = nonce });

    private static ViewContext View(HttpContext context) => new() { HttpContext = context };

    private static string Render(TagHelper tag)
    {
        var output = new TagHelperOutput("tag", [], (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent()))
        {
            TagMode = TagMode.SelfClosing,
        };
        tag.ProcessAsync(new TagHelperContext([], new Dictionary<object, object>(), "test"), output).IsCompletedSuccessfully.ShouldBeTrue();
        using var writer = new StringWriter();
        output.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        return writer.ToString();
    }
}
