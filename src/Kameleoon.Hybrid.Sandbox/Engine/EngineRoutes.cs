using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Maps every path that the browser engine requests.</summary>
internal static class EngineRoutes
{
    private static readonly byte[] Frame = EmbeddedFile.Read("engine-frame.html");

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("");
        endpoints.ServiceProvider.GetRequiredService<ServedSite>().Restrict(routes);
        MapFiles(routes);

        // A resource base for each site, as the platform has a host for each.
        MapFiles(routes.MapGroup("/r/{siteCode}"));

        routes.MapGet("/ip", EngineLocationEndpoints.WriteAddress);
        routes.MapGet("/geolocation", EngineLocationEndpoints.WriteLocation);
    }

    private static void MapFiles(IEndpointRouteBuilder routes)
    {
        var engine = routes.ServiceProvider.GetRequiredService<EngineEndpoint>();
        routes.MapGet("/engine.js", engine.GetAsync);
        routes.MapGet("/engine-configuration.js", engine.GetConfigurationAsync);
        routes.MapGet("/engine-campaigns.js", engine.GetCampaignsAsync);
        routes.MapGet("/live-experiments/config.js", engine.GetLiveAsync);
        routes.MapGet("/audiences/segments.js", engine.GetAudiencesAsync);
        foreach (var kind in new[] { "experiments", "personalizations" })
        {
            routes.MapGet(
                $"/{kind}/{{id:long}}/variations/{{variationId:long}}.js",
                context => engine.GetVariationAsync(context, kind, Number(context, "id"), Number(context, "variationId")));
        }

        routes.MapGet("/engine-frame.html", WriteFrameAsync);

        // What the files were called before.
        routes.MapGet("/kameleoon.js", engine.GetAsync);
        routes.MapGet("/kameleoon-configuration.js", engine.GetConfigurationAsync);
        routes.MapGet("/kameleoon-actions.js", engine.GetCampaignsAsync);
    }

    private static long Number(HttpContext context, string name) =>
        long.Parse((string)context.GetRouteValue(name)!, CultureInfo.InvariantCulture);

    private static async Task WriteFrameAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.Body.WriteAsync(Frame, context.RequestAborted);
    }
}
