using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What every endpoint of the platform goes through: it is noted, and may fail on purpose.</summary>
internal sealed class PlatformDoor(Faults faults, HitLog hits, ILogger<PlatformDoor> logger)
{
    /// <summary>The names of the endpoints, for faults and hits, and how their paths begin.</summary>
    private static readonly (string Path, string Name)[] Names =
    [
        ("/v3/", "configuration"), ("/sse", "stream"), ("/oauth/", "token"), ("/visit/events", "events"),
        ("/visit/visitor", "visitor"), ("/visit/forget", "forget"), ("/map/", "map"), ("/ip", "ip"),
        ("/geolocation", "geolocation"), ("/sync", "sync"), ("/engine-frame", "frame"),
        ("/engine-configuration", "engine-configuration"), ("/engine-steps", "steps"),
        ("/engine-campaigns", "engine-campaigns"), ("/live-experiments/", "live-experiments"), ("/engine", "engine"),
        ("/kameleoon-configuration", "engine-configuration"), ("/kameleoon-actions", "engine-campaigns"),
        ("/kameleoon", "engine"),
    ];

    private const string Others = "campaign";

    internal static IReadOnlyList<string> Endpoints { get; } =
        [.. Names.Select(name => name.Name).Append(Others).Distinct(StringComparer.Ordinal)];

    /// <summary>Puts the door before every endpoint of a group.</summary>
    internal void Guard(IEndpointConventionBuilder platform) => platform.Add(endpoint =>
    {
        // Below a prefix the path begins with it.
        var path = ((RouteEndpointBuilder)endpoint).RoutePattern.RawText ?? "";
        var name = Names.FirstOrDefault(known => path.Contains(known.Path, StringComparison.Ordinal)).Name ?? Others;
        var answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => AnswerAsync(context, name, answer);
    });

    private async Task AnswerAsync(HttpContext context, string endpoint, RequestDelegate answer)
    {
        var time = hits.Now();
        var start = Stopwatch.GetTimestamp();
        var broken = true;
        try
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            // A fault is meant for the request that a browser asks leave for, not for the asking.
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
            hits.Add(context, endpoint, time, broken, Stopwatch.GetElapsedTime(start));
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
            context.Abort();
            context.RequestAborted.ThrowIfCancellationRequested();
        }
        else if (fault.Status is not null || fault.Body is not null)
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
