using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Maps every route of the sandbox. The same routes answer over HTTP and in process.</summary>
internal static class SandboxRoutes
{
    private static readonly string[] Preflighted =
    [
        "/v3/{siteCode}", "/sse", "/oauth/token", "/visit/events", "/visit/visitor", "/visit/forget", "/map/map",
        "/map/maps", "/ip", "/geolocation", "/sync",
    ];

    /// <param name="endpoints">Where to map them.</param>
    /// <param name="trust">Answers with what the application counts of its experiments; null without an application.</param>
    internal static void Map(IEndpointRouteBuilder endpoints, RequestDelegate? trust = null)
    {
        var routes = endpoints.MapGroup("");
        ((IEndpointConventionBuilder)routes).Add(AnswerHead);
        var services = endpoints.ServiceProvider;
        var maps = services.GetRequiredService<MapEndpoints>();
        var crossSitePosts = services.GetRequiredService<CrossSitePosts>();

        // Like the platform's own, its paths need no sign-in. The application decides who may open the live page.
        var platform = routes.MapGroup("").AllowAnonymous();
        services.GetRequiredService<PlatformRequestFilter>().Wrap(platform);
        var dataFile = platform.MapGet("/v3/{siteCode}", services.GetRequiredService<ConfigurationEndpoint>().GetAsync);
        services.GetRequiredService<ServedSite>().Restrict(dataFile);
        platform.MapGet("/sse", services.GetRequiredService<StreamEndpoint>().GetAsync);
        platform.MapPost("/oauth/token", services.GetRequiredService<TokenEndpoint>().PostAsync);
        EngineRoutes.Map(platform);
        platform.MapPost("/engine-steps", services.GetRequiredService<EngineStepsEndpoint>().PostAsync);
        platform.MapPost(
            "/visit/events", CrossSitePosts.OfSdksOnly(services.GetRequiredService<EventsEndpoint>().PostAsync));
        platform.MapGet("/visit/visitor", services.GetRequiredService<VisitorEndpoint>().GetAsync);
        platform.MapPost(
            "/visit/forget", crossSitePosts.Refused(services.GetRequiredService<VisitorDeletionEndpoint>().PostAsync));
        platform.MapGet("/map/map", maps.GetOneAsync);
        platform.MapGet("/map/maps", maps.GetManyAsync);
        platform.MapPost("/map/maps", crossSitePosts.Refused(maps.PostAsync));
        services.GetRequiredService<ProductEndpoints>().Map(platform);
        platform.MapGet("/sync", CookieSyncEndpoint.GetAsync);
        foreach (var path in Preflighted)
        {
            platform.MapMethods(path, ["OPTIONS"], Preflight.AnswerAsync);
        }

        var people = routes.MapGroup("");
        services.GetRequiredService<HostCheck>().Wrap(people);
        services.GetRequiredService<LiveEndpoints>().Map(people, trust);
        services.GetRequiredService<ControlEndpoints>().Map(people);
        services.GetRequiredService<ControlProjectEndpoints>().Map(people);
    }

    // The web server leaves the body out.
    private static void AnswerHead(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<HttpMethodMetadata>().FirstOrDefault() is { HttpMethods: ["GET"] } onlyGet)
        {
            endpoint.Metadata.Remove(onlyGet);
            endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        }
    }
}
