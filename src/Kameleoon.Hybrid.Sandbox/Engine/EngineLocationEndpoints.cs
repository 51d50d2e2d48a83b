using System.Net;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Answers the visitor's IP address and location in response headers, as the platform does.</summary>
/// <remarks>The sandbox has no database of addresses: the query sets the location, and the default is Paris.</remarks>
internal static class EngineLocationEndpoints
{
    private static readonly (string Name, string Default)[] Parts =
    [
        ("country", "France"), ("region", "Ile-de-France"), ("city", "Paris"), ("postal_code", "75001"),
        ("latitude", "48.8566"), ("longitude", "2.3522"),
    ];

    internal static Task WriteAddress(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        context.Response.Headers["ip"] = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        return Finish(context, "ip");
    }

    internal static Task WriteLocation(HttpContext context)
    {
        foreach (var (name, value) in Parts)
        {
            var wanted = context.Request.Query[name].ToString();
            context.Response.Headers["geoip_" + name] = Uri.EscapeDataString(wanted.Length > 0 ? wanted : value);
        }

        return Finish(context, string.Join(", ", Parts.Select(part => "geoip_" + part.Name)));
    }

    private static Task Finish(HttpContext context, string exposed)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = exposed;
        headers.CacheControl = EngineAnswers.NotReused;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
