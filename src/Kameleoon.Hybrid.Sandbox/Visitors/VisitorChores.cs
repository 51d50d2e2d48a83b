using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The small endpoints: forgetting visitors, preflights, and the server's word on the visitor cookie.</summary>
internal sealed class VisitorChores(Recorder recorder, SandboxStore store, TokenEndpoint tokens)
{
    private const string CookieName = "kameleoonVisitorCode";
    private const int MaxCode = 255;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(";, \r\n\t");

    private const int MaxBytes = 1024 * 1024;

    // What server SDKs write: 380 days, so that a browser that shortens the life of script cookies keeps it.
    private static readonly TimeSpan CookieLife = TimeSpan.FromDays(380);

    internal async Task ForgetAsync(HttpContext context)
    {
        if (!tokens.Lets(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (await RequestText.ReadAsync(context, MaxBytes) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        HitLog.Keep(context, body);
        var codes = body.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .ToHashSet(StringComparer.Ordinal);
        recorder.Forget(codes);
        store.Forget(codes);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Writes the visitor code again, as a cookie of the server: what <c>syncUrl</c> of the engine points at.
    /// </summary>
    internal static Task SyncAsync(HttpContext context)
    {
        var code = context.Request.Query[CookieName].ToString();
        var sound = code.Length is > 0 and <= MaxCode && !code.AsSpan().ContainsAny(Forbidden);
        context.Response.StatusCode = sound ? StatusCodes.Status204NoContent : StatusCodes.Status400BadRequest;
        context.Response.Headers.CacheControl = "no-store";
        NameOrigin(context);
        if (sound)
        {
            var domain = context.Request.Query["domain"].ToString();
            context.Response.Cookies.Append(CookieName, code, new CookieOptions
            {
                Path = "/",
                MaxAge = CookieLife,
                SameSite = SameSiteMode.Lax,
                Domain = domain.Length > 0 ? domain : null,
                IsEssential = true,
            });
        }

        return Task.CompletedTask;
    }

    internal static Task PreflightAsync(HttpContext context)
    {
        var response = context.Response;
        if (context.Request.Path.Value!.EndsWith("/sync", StringComparison.Ordinal))
        {
            NameOrigin(context);
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

    // A call that carries credentials, for which a browser wants the origin by name.
    private static void NameOrigin(HttpContext context)
    {
        if (context.Request.Headers.Origin is [{ Length: > 0 } origin])
        {
            context.Response.Headers.AccessControlAllowOrigin = origin;
            context.Response.Headers.AccessControlAllowCredentials = "true";
        }
    }
}
