using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Hands out an access token to whoever asks, and asks for it again where the option says so.</summary>
internal sealed class TokenEndpoint(SandboxClock clock, IOptions<KameleoonSandboxOptions> options)
{
    private const string Token = "sandbox-access-token";

    private static readonly TimeSpan Life = TimeSpan.FromHours(2);

    private long _expires;

    internal Task PostAsync(HttpContext context)
    {
        Interlocked.Exchange(ref _expires, (clock.GetUtcNow() + Life).UtcTicks);
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(
            $$"""{"access_token":"{{Token}}","token_type":"bearer","expires_in":7200}""", context.RequestAborted);
    }

    /// <summary>Whether a request may pass: browsers always may, servers with a token that has not expired.</summary>
    internal bool Lets(HttpRequest request) => !options.Value.RequireToken
        || string.Equals(request.Query["engine"], "true", StringComparison.OrdinalIgnoreCase)
        || (string.Equals(request.Headers.Authorization, $"Bearer {Token}", StringComparison.Ordinal)
            && clock.GetUtcNow().UtcTicks < Interlocked.Read(ref _expires));
}
