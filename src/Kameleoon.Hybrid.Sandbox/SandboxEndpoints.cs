using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The one set of routes behind both doors: over HTTP, and in process.</summary>
internal static class SandboxEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        routes.MapGet("/v3/{siteCode}", services.GetRequiredService<ConfigurationEndpoint>().GetAsync);
        routes.MapPost("/oauth/token", TokenEndpoint.PostAsync);
        routes.MapGet("/engine.js", services.GetRequiredService<EngineEndpoint>().GetAsync);
        routes.MapPost("/visit/events", services.GetRequiredService<EventsEndpoint>().PostAsync);
        routes.MapMethods("/visit/events", ["OPTIONS"], EventsEndpoint.PreflightAsync);
        services.GetRequiredService<LiveEndpoints>().Map(routes);
    }
}
