using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The live page: what the platform would show, while it happens.</summary>
internal sealed class LiveEndpoints(
    LiveState state,
    ExplainEndpoint explain,
    RecordedFacts facts,
    StoryTeller stories,
    Recorder recorder,
    SandboxStore store,
    HitLog hits,
    RecorderLimits limits,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<LiveEndpoints> logger)
{
    private const string Policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    internal void Map(IEndpointRouteBuilder routes)
    {
        var page = Asset("page.html", "text/html; charset=utf-8");
        routes.MapGet("/", context => IsFolder(context.Request) ? page(context) : AddSlash(context));
        routes.MapGet("/live/page.css", Asset("page.css", "text/css; charset=utf-8"));
        routes.MapGet("/live/page.js", Asset("page.js", "text/javascript; charset=utf-8"));
        routes.MapGet("/live/icon.svg", Asset("icon.svg", "image/svg+xml"));
        routes.MapGet("/live/state", GetStateAsync);
        routes.MapGet("/live/stream", GetStreamAsync);
        routes.MapMethods("/live/explain", ["GET", "POST"], explain.AnswerAsync);
        routes.MapGet("/live/facts", context => JsonAsync(
            context, facts.Of(context.Request.Query["visitor"].ToString()), LiveJson.Default.RecordedFacts));
        routes.MapGet("/live/visitor", context => JsonAsync(
            context, stories.Tell(context.Request.Query["code"].ToString()), LiveJson.Default.LiveStory));
        routes.MapGet("/live/chart", context => JsonAsync(
            context, state.Chart(Number(context, "experiment"), Number(context, "goal")), LiveJson.Default.LiveChart));
        routes.MapGet("/project.schema.json", Asset("project.schema.json", "application/schema+json"));
        routes.MapPost("/live/reset", ResetAsync);
    }

    internal async Task GetStreamAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        await TypedResults.ServerSentEvents(LiveStream.ReadAsync(state, clock, ending.Token)).ExecuteAsync(context);
    }

    private Task GetStateAsync(HttpContext context)
    {
        var asked = int.TryParse(context.Request.Query["events"], CultureInfo.InvariantCulture, out var number);
        Protect(context.Response);
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(
            state.ToJson(asked ? Math.Clamp(number, 0, limits.Events) : LiveState.DefaultEvents),
            context.RequestAborted);
    }

    private Task ResetAsync(HttpContext context)
    {
        if (!SameOrigin.Holds(context.Request))
        {
            return SameOrigin.RefuseAsync(context);
        }

        Protect(context.Response);
        recorder.Reset();
        store.ClearBatches();
        hits.Clear();
        logger.Reset();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static long Number(HttpContext context, string name) =>
        long.TryParse(context.Request.Query[name], CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        Protect(context.Response);
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }

    // The page names its assets relative to itself, so it must stand in its folder.
    private static bool IsFolder(HttpRequest request) => request.Path.Value is [.., '/'];

    private static Task AddSlash(HttpContext context)
    {
        var request = context.Request;
        context.Response.Redirect($"{request.PathBase.Add(request.Path)}/{request.QueryString}");
        return Task.CompletedTask;
    }

    private static RequestDelegate Asset(string name, string contentType)
    {
        var bytes = EmbeddedFile.Read(name);
        return context =>
        {
            Protect(context.Response);
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.ContentType = contentType;
            context.Response.ContentLength = bytes.Length;
            return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
        };
    }

    private static void Protect(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
    }
}
