using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Writes the visitor cookie again in the server's response: <c>GET /sync</c>, the engine's <c>syncUrl</c>.
/// </summary>
/// <remarks>Some browsers shorten the life of cookies that scripts write, but not of cookies that servers write.</remarks>
internal static class CookieSyncEndpoint
{
    private const string CookieName = "kameleoonVisitorCode";
    private const int MaxCode = 255;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(";, \r\n\t");

    // The life that the server SDKs set.
    private static readonly TimeSpan CookieLife = TimeSpan.FromDays(380);

    internal static Task GetAsync(HttpContext context)
    {
        var code = context.Request.Query[CookieName].ToString();
        var isValid = code.Length is > 0 and <= MaxCode && !code.AsSpan().ContainsAny(Forbidden);
        context.Response.StatusCode = isValid ? StatusCodes.Status204NoContent : StatusCodes.Status400BadRequest;
        context.Response.Headers.CacheControl = EngineAnswers.NotReused;
        Preflight.AllowCredentials(context);
        if (isValid)
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
}
