using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Wraps every endpoint of the platform: logs the request, and applies the fault that a test has set.</summary>
internal sealed class PlatformRequestFilter(ActiveFaults faults, RequestLog requestLog, ILogger<PlatformRequestFilter> logger)
{
    /// <summary>The names of the endpoints, for faults and hits, and how their paths end: what precedes is the application's.</summary>
    private static readonly (string Path, string Name)[] Names =
    [
        ("/v3/{siteCode}", "configuration"), ("/sse", "stream"), ("/oauth/token", "token"), ("/visit/events", "events"),
        ("/visit/visitor", "visitor"), ("/visit/forget", "forget"), ("/map/map", "map"), ("/map/maps", "map"), ("/ip", "ip"),
        ("/geolocation", "geolocation"), ("/sync", "sync"), ("/engine-frame.html", "frame"),
        ("/engine-configuration.js", "engine-configuration"), ("/engine-steps", "steps"),
        ("/engine-campaigns.js", "engine-campaigns"), ("/live-experiments/config.js", "live-experiments"),
        ("/engine.js", "engine"), ("/kameleoon-configuration.js", "engine-configuration"),
        ("/kameleoon-actions.js", "engine-campaigns"), ("/kameleoon.js", "engine"),
        ("/products/recommendations", "products"), ("/products/collections", "products"),
        ("/products/interactions", "products"), ("/products/data", "products"), ("/products/search", "products"),
        ("/audiences/segments.js", "audiences"),
    ];

    private const string Others = "campaign";

    private static IReadOnlyList<string> Endpoints { get; } =
        [.. Names.Select(name => name.Name).Append(Others).Distinct(StringComparer.Ordinal)];

    /// <summary>Says that there is no such endpoint; null when there is.</summary>
    internal static string? ProblemWith(string endpoint) => Endpoints.Contains(endpoint, StringComparer.Ordinal)
        ? null
        : $"There is no endpoint \"{endpoint}\". There are {string.Join(", ", Endpoints)}.";

    /// <summary>Wraps every endpoint of a group.</summary>
    internal void Wrap(IEndpointConventionBuilder platform) => platform.Add(endpoint =>
    {
        var path = ((RouteEndpointBuilder)endpoint).RoutePattern.RawText ?? "";
        var name = Names.FirstOrDefault(known => path.EndsWith(known.Path, StringComparison.Ordinal)).Name ?? Others;
        var answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => AnswerAsync(context, name, answer);
    });

    private async Task AnswerAsync(HttpContext context, string endpoint, RequestDelegate answer)
    {
        var time = requestLog.Now();
        var start = Stopwatch.GetTimestamp();
        var broken = true;
        try
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            // A preflight request is not a call of the endpoint, so it does not use up a fault.
            if (!HttpMethods.IsOptions(context.Request.Method) && faults.Take(endpoint) is { } fault)
            {
                logger.FaultInjected(endpoint);
                await FailAsync(context, fault, answer);
                broken = fault.Drop;
            }
            else
            {
                await answer(context);
                broken = false;
            }
        }
        finally
        {
            requestLog.Add(context, endpoint, time, broken, Stopwatch.GetElapsedTime(start));
        }

        // Only now, so that a caller that sees its connection break finds the request in the log.
        if (broken)
        {
            context.Abort();
            context.RequestAborted.ThrowIfCancellationRequested();
        }
    }

    private static async Task FailAsync(HttpContext context, Fault fault, RequestDelegate answer)
    {
        if (fault.DelayMs > 0)
        {
            await Task.Delay(fault.DelayMs, context.RequestAborted);
        }

        if (fault.Drop)
        {
            return;
        }

        if (fault.Status is not null || fault.Body is not null)
        {
            context.Response.StatusCode = fault.Status ?? StatusCodes.Status200OK;
            if (fault.RetryAfter is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            await context.Response.WriteAsync(fault.Body ?? "", context.RequestAborted);
        }
        else
        {
            await answer(context);
        }
    }
}
