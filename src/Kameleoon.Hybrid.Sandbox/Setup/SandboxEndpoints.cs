using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The one set of routes behind both doors: over HTTP, and in process.</summary>
internal static class SandboxEndpoints
{
    private static readonly string[] Preflighted =
    [
        "/v3/{siteCode}", "/sse", "/oauth/token", "/visit/events", "/visit/visitor", "/visit/forget", "/map/map",
        "/map/maps", "/ip", "/geolocation", "/sync",
    ];

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var maps = services.GetRequiredService<MapEndpoints>();
        var chores = services.GetRequiredService<VisitorChores>();

        // The platform's paths are open to everybody, as the platform is; who may see the live page is the application's
        // to say.
        var platform = routes.MapGroup("").AllowAnonymous();
        services.GetRequiredService<PlatformDoor>().Guard(platform);
        platform.MapGet("/v3/{siteCode}", services.GetRequiredService<ConfigurationEndpoint>().GetAsync);
        platform.MapGet("/sse", services.GetRequiredService<StreamEndpoint>().GetAsync);
        platform.MapPost("/oauth/token", services.GetRequiredService<TokenEndpoint>().PostAsync);
        EngineRoutes.Map(platform);
        platform.MapPost("/engine-steps", services.GetRequiredService<EngineSteps>().PostAsync);
        platform.MapPost("/visit/events", services.GetRequiredService<EventsEndpoint>().PostAsync);
        platform.MapGet("/visit/visitor", services.GetRequiredService<VisitorEndpoint>().GetAsync);
        platform.MapPost("/visit/forget", chores.ForgetAsync);
        platform.MapGet("/map/map", maps.GetOneAsync);
        platform.MapGet("/map/maps", maps.GetManyAsync);
        platform.MapPost("/map/maps", maps.PostAsync);
        services.GetRequiredService<ProductEndpoints>().Map(platform);
        platform.MapGet("/sync", VisitorChores.SyncAsync);
        foreach (var path in Preflighted)
        {
            platform.MapMethods(path, ["OPTIONS"], VisitorChores.PreflightAsync);
        }

        services.GetRequiredService<LiveEndpoints>().Map(routes);
        services.GetRequiredService<ControlEndpoints>().Map(routes);
    }
}
