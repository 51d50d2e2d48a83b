using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Opens the log scope of <see cref="KameleoonTelemetryOptions.LogScope"/> around the rest of the request.</summary>
internal sealed class VariationLogScope(RequestDelegate next, RequestTelemetry telemetry, ILogger<VariationLogScope> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using (logger.BeginScope(telemetry.ScopeOf(RequestVisitor.Of(context).Request)))
        {
            await next(context);
        }
    }
}
