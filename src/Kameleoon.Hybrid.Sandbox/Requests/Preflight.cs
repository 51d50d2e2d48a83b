using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Answers the preflight requests that browsers send before a request to another origin.</summary>
internal static class Preflight
{
    internal static Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        if (context.Request.Path.Value!.EndsWith("/sync", StringComparison.Ordinal))
        {
            AllowCredentials(context);
        }

        response.Headers.AccessControlAllowMethods = "GET, POST, OPTIONS";
        response.Headers.AccessControlMaxAge = "600";
        if (context.Request.Headers.AccessControlRequestHeaders is { Count: > 0 } wanted)
        {
            response.Headers.AccessControlAllowHeaders = wanted;
        }

        response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Allows the calling origin to send and receive cookies.</summary>
    /// <remarks>Browsers then require the name of the origin in the header; a <c>*</c> is not enough.</remarks>
    internal static void AllowCredentials(HttpContext context)
    {
        if (context.Request.Headers.Origin is [{ Length: > 0 } origin])
        {
            context.Response.Headers.AccessControlAllowOrigin = origin;
            context.Response.Headers.AccessControlAllowCredentials = "true";
        }
    }
}
