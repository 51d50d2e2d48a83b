using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Hands out an access token to whoever asks; nothing in the sandbox checks it.</summary>
internal static class TokenEndpoint
{
    internal static Task PostAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(
            """{"access_token":"sandbox-access-token","token_type":"bearer","expires_in":7200}""",
            context.RequestAborted);
    }
}
