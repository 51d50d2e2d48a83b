using System.Globalization;
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
    Recorder recorder,
    RecorderLimits limits,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<LiveEndpoints> logger)
{
    /// <summary>A header that another origin cannot send without asking first, and is never allowed to.</summary>
    internal const string SameOriginHeader = "X-Kameleoon-Sandbox";

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
        routes.MapGet("/live/explain", explain.GetAsync);
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
        Protect(context.Response);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        if (IsSameOrigin(context.Request))
        {
            recorder.Reset();
            logger.Reset();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }

        return Task.CompletedTask;
    }

    // Browsers leave Sec-Fetch-Site out on plain http outside localhost; there the header decides.
    private static bool IsSameOrigin(HttpRequest request) =>
        request.Headers.TryGetValue("Sec-Fetch-Site", out var site)
            ? string.Equals(site, "same-origin", StringComparison.Ordinal)
            : request.Headers.ContainsKey(SameOriginHeader);

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
