using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Serves the files of the live page, and the JSON schema of a project.</summary>
internal static class LiveAssets
{
    private const string Policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var page = Asset("page.html", "text/html; charset=utf-8");
        routes.MapGet("/", context => IsFolder(context.Request) ? page(context) : AddSlash(context));
        routes.MapGet("/live/page.css", Asset("page.css", "text/css; charset=utf-8"));
        routes.MapGet("/live/page.js", Asset("page.js", "text/javascript; charset=utf-8"));
        routes.MapGet("/live/icon.svg", Asset("icon.svg", "image/svg+xml"));
        routes.MapGet("/project.schema.json", Asset("project.schema.json", "application/schema+json"));
    }

    /// <summary>Forbids caches to store the response, and browsers to guess its content type.</summary>
    internal static void Protect(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
    }

    // The page refers to its assets by relative URLs, so its own URL must end in a slash.
    private static bool IsFolder(HttpRequest request) => request.Path.Value is [.., '/'];

    private static Task AddSlash(HttpContext context)
    {
        var request = context.Request;
        context.Response.Redirect($"{request.PathBase.Add(request.Path)}/{request.QueryString}");
        return Task.CompletedTask;
    }

    private static RequestDelegate Asset(string name, string contentType)
    {
        var bytes = EmbeddedFile.Read(name);
        return context =>
        {
            Protect(context.Response);
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.ContentType = contentType;
            context.Response.ContentLength = bytes.Length;
            return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
        };
    }
}
