using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Control endpoints for tests and for the live page: received requests, clock, faults, event stream, and reset.
/// </summary>
/// <remarks>A request that changes something needs the header <c>X-Kameleoon-Sandbox</c>, which pages of other origins
/// cannot send.</remarks>
internal sealed class ControlEndpoints(
    SandboxControl control,
    SandboxClock clock,
    ActiveFaults faults,
    RequestLog requestLog,
    StreamTestMessages testMessages)
{
    private const double MaxAdvance = 3650 * 86_400d;

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/control/hits", GetRequestsAsync);
        routes.MapGet("/control/clock", GetClockAsync);
        routes.MapGet("/control/faults", context => ControlHttp.WriteJsonAsync(
            context, faults.All, ControlJson.Default.IReadOnlyDictionaryStringFault));
        routes.MapPost("/control/reset", ControlHttp.RequireSameOrigin(ResetAsync));
        routes.MapPost("/control/clock", ControlHttp.RequireSameOrigin(AdvanceClockAsync));
        routes.MapMethods(
            "/control/faults/{endpoint}", ["PUT", "DELETE"], ControlHttp.RequireSameOrigin(SetFaultAsync));
        routes.MapDelete("/control/faults", ControlHttp.RequireSameOrigin(ClearFaultsAsync));
        routes.MapPut("/control/stream", ControlHttp.RequireSameOrigin(SetStreamAsync));
    }

    private Task ResetAsync(HttpContext context)
    {
        control.Reset();
        return ControlHttp.CompleteAsync(context);
    }

    private Task GetRequestsAsync(HttpContext context) => ControlHttp.WriteJsonAsync(
        context,
        [
            .. requestLog.Read(context.Request.Query["endpoint"] is [{ Length: > 0 } endpoint, ..] ? endpoint : null)
                .Select(hit => hit.WithoutSecrets()),
        ],
        ControlJson.Default.IReadOnlyListRecordedRequest);

    private Task GetClockAsync(HttpContext context) => ControlHttp.WriteJsonAsync(
        context,
        new ClockReading(clock.GetUtcNow(), clock.Offset.TotalSeconds, ClockReading.Unmoved),
        ControlJson.Default.ClockReading);

    private Task AdvanceClockAsync(HttpContext context)
    {
        if (!double.TryParse(
                context.Request.Query["advanceSeconds"], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(seconds) is not <= MaxAdvance)
        {
            return ControlHttp.RejectAsync(
                context, "Give the number of seconds, as in control/clock?advanceSeconds=1800; ten years at most.");
        }

        return clock.TryAdvance(TimeSpan.FromSeconds(seconds))
            ? GetClockAsync(context)
            : ControlHttp.RejectAsync(context, SandboxClock.Limit);
    }

    private async Task SetFaultAsync(HttpContext context)
    {
        var endpoint = (string)context.Request.RouteValues["endpoint"]!;
        if (PlatformRequestFilter.ProblemWith(endpoint) is { } unknown)
        {
            await ControlHttp.RejectAsync(context, unknown);
        }
        else if (HttpMethods.IsDelete(context.Request.Method))
        {
            faults.Clear(endpoint);
            await ControlHttp.CompleteAsync(context);
        }
        else if (await ControlHttp.ReadAsync(context, ControlJson.Default.Fault) is { } fault)
        {
            if (fault.Problem is { } problem)
            {
                await ControlHttp.RejectAsync(context, problem);
                return;
            }

            faults.Set(endpoint, fault);
            await ControlHttp.CompleteAsync(context);
        }
    }

    private Task ClearFaultsAsync(HttpContext context)
    {
        faults.Clear();
        return ControlHttp.CompleteAsync(context);
    }

    private Task SetStreamAsync(HttpContext context)
    {
        var kind = context.Request.Query["say"].ToString();
        var onConnect = context.Request.Query["onConnect"].ToString();
        if ((kind.Length > 0 && !StreamTestMessages.Kinds.Contains(kind, StringComparer.Ordinal))
            || onConnect is not ("" or "true" or "false") || (kind.Length == 0 && onConnect.Length == 0))
        {
            return ControlHttp.RejectAsync(
                context, $"say is one of {string.Join(", ", StreamTestMessages.Kinds)}; onConnect is true or false.");
        }

        testMessages.SendsUpdateOnConnect = onConnect.Length > 0 ? onConnect is "true" : testMessages.SendsUpdateOnConnect;
        if (kind.Length > 0)
        {
            testMessages.Send(kind);
        }

        return ControlHttp.CompleteAsync(context);
    }
}

/// <summary>The time of the sandbox's clock.</summary>
/// <param name="Now">The time.</param>
/// <param name="AheadSeconds">How many seconds it is ahead of the machine's clock.</param>
/// <param name="DoesNotMove">What goes by other clocks.</param>
internal sealed record ClockReading(DateTimeOffset Now, double AheadSeconds, IReadOnlyList<string> DoesNotMove)
{
    /// <summary>What goes by other clocks than the sandbox's.</summary>
    internal static IReadOnlyList<string> Unmoved { get; } =
    [
        "the clocks of SDKs and servers: their sessions, polls, retries and cached values",
        "the clocks of browsers: cookies, local storage, and the times and schedules that the engine reads there",
        "dateModified and Last-Modified of the data file, and the times in the event stream",
        "the delays of faults",
    ];
}
