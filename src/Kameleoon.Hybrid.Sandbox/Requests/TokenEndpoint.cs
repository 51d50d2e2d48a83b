using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Issues access tokens: <c>POST /oauth/token</c>. Checks them on other endpoints when the option
/// <c>RequireToken</c> is on.</summary>
internal sealed class TokenEndpoint(SandboxClock clock, IOptions<KameleoonSandboxOptions> options)
{
    private const string Token = "sandbox-access-token";

    private const int MaxBytes = 16 * 1024;

    private long _expires;

    internal async Task PostAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        if (!Knows(await CredentialsOf(context)))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsync("""{"error":"invalid_client"}""", context.RequestAborted);
            return;
        }

        var life = options.Value.TokenLife;
        Interlocked.Exchange(ref _expires, (clock.GetUtcNow() + life).UtcTicks);
        await context.Response.WriteAsync(
            $$"""{"access_token":"{{Token}}","token_type":"bearer","expires_in":{{(long)life.TotalSeconds}}}""",
            context.RequestAborted);
    }

    /// <summary>Whether a request is authorized: browsers always are, servers need a token that has not expired.</summary>
    internal bool IsAuthorized(HttpRequest request) => !options.Value.RequireToken
        || string.Equals(request.Query["engine"], "true", StringComparison.OrdinalIgnoreCase)
        || IsOfBrowser(request)
        || (string.Equals(request.Headers.Authorization, $"Bearer {Token}", StringComparison.Ordinal)
            && clock.GetUtcNow().UtcTicks < Interlocked.Read(ref _expires));

    // Browsers add these to the requests of scripts, which cannot leave them out. Servers have no reason to send them.
    private static bool IsOfBrowser(HttpRequest request) =>
        request.Headers.ContainsKey("Sec-Fetch-Site") || request.Headers.ContainsKey("Origin");

    private bool Knows(string? credentials) => options.Value is { ClientId: "", ClientSecret: "" }
        || $"{options.Value.ClientId}:{options.Value.ClientSecret}".Is(credentials);

    // SDKs send them in the body or in the header; there as they are, without the encoding of forms.
    private static async Task<string?> CredentialsOf(HttpContext context)
    {
        const string Basic = "Basic ";
        var body = await RequestText.ReadAsync(context, MaxBytes);
        var header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            var bytes = new byte[header.Length];
            return Convert.TryFromBase64String(header[Basic.Length..], bytes, out var length)
                ? Encoding.UTF8.GetString(bytes, 0, length)
                : null;
        }

        var form = QueryHelpers.ParseQuery(body);
        return $"{form.GetValueOrDefault("client_id")}:{form.GetValueOrDefault("client_secret")}";
    }
}
