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

        // The platform's paths are open to everybody, as the platform is; who may see the live page is the application's
        // to say.
        var platform = routes.MapGroup("").AllowAnonymous();
        platform.MapGet("/v3/{siteCode}", services.GetRequiredService<ConfigurationEndpoint>().GetAsync);
        platform.MapGet("/sse", services.GetRequiredService<StreamEndpoint>().GetAsync);
        platform.MapPost("/oauth/token", TokenEndpoint.PostAsync);
        EngineRoutes.Map(platform);
        platform.MapPost("/visit/events", services.GetRequiredService<EventsEndpoint>().PostAsync);
        platform.MapMethods("/visit/events", ["OPTIONS"], EventsEndpoint.PreflightAsync);
        services.GetRequiredService<LiveEndpoints>().Map(routes);
    }
}
