using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Serves the live page and the data it shows: events, results, visitors and decisions while they happen.</summary>
internal sealed class LiveEndpoints(
    LiveState state,
    ExplainEndpoint explain,
    RecordedFacts facts,
    TimelineBuilder timelines,
    RecordedData recordedData,
    RecorderLimits limits,
    TimeProvider clock,
    IHostApplicationLifetime lifetime)
{
    /// <param name="routes">Where to map them.</param>
    /// <param name="trust">Answers with what the application counts of its experiments; null without an application.</param>
    internal void Map(IEndpointRouteBuilder routes, RequestDelegate? trust)
    {
        LiveAssets.Map(routes);
        routes.MapGet("/live/trust", trust ?? AnswerWithNothing);
        routes.MapGet("/live/state", GetStateAsync);
        routes.MapGet("/live/stream", GetStreamAsync);
        routes.MapMethods("/live/explain", ["GET", "POST"], explain.AnswerAsync);
        routes.MapGet("/live/facts", context => JsonAsync(
            context, facts.Of(context.Request.Query["visitor"].ToString()), LiveJson.Default.RecordedFacts));
        routes.MapGet("/live/visitor", context => JsonAsync(
            context, timelines.Build(context.Request.Query["code"].ToString()), LiveJson.Default.LiveTimeline));
        routes.MapGet("/live/chart", context => JsonAsync(
            context, state.Chart(Number(context, "experiment"), Number(context, "goal")), LiveJson.Default.LiveChart));
        routes.MapPost("/live/reset", ResetAsync);
    }

    internal async Task GetStreamAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        var snapshots = HttpMethods.IsHead(context.Request.Method)
            ? AsyncEnumerable.Empty<SseItem<string>>()
            : LiveStream.ReadAsync(state, clock, ending.Token);
        await TypedResults.ServerSentEvents(snapshots).ExecuteAsync(context);
    }

    private Task GetStateAsync(HttpContext context)
    {
        var asked = int.TryParse(context.Request.Query["events"], CultureInfo.InvariantCulture, out var number);
        LiveAssets.Protect(context.Response);
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(
            state.ToJson(asked ? Math.Clamp(number, 0, limits.Events) : LiveState.DefaultEvents),
            context.RequestAborted);
    }

    private Task ResetAsync(HttpContext context)
    {
        if (!SameOriginCheck.IsSameOrigin(context.Request))
        {
            return SameOriginCheck.RejectAsync(context);
        }

        LiveAssets.Protect(context.Response);
        recordedData.Clear();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task AnswerWithNothing(HttpContext context)
    {
        LiveAssets.Protect(context.Response);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static long Number(HttpContext context, string name) =>
        long.TryParse(context.Request.Query[name], CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        LiveAssets.Protect(context.Response);
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }
}
