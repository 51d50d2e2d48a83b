using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Writes the visitor cookie again in the server's response: <c>GET /sync</c>, the engine's <c>syncUrl</c>.
/// </summary>
/// <remarks>Some browsers shorten the life of cookies that scripts write, but not of cookies that servers write. The rules
/// are those of the library's own endpoint: only pages of this site may ask, a code in the cookie is kept, and a code in
/// the address has unreserved characters only.</remarks>
internal static class CookieSyncEndpoint
{
    private const string CookieName = "kameleoonVisitorCode";

    // The life that the server SDKs set.
    private static readonly TimeSpan CookieLife = TimeSpan.FromDays(380);

    internal static Task GetAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.CacheControl = EngineAnswers.NotReused;
        if (!RequestOrigin.IsThisSite(request, domain: null))
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        Preflight.AllowCredentials(context);
        var domain = request.Query["domain"].ToString();
        if (CodeOf(request) is not { } code || !IsOwn(domain, request.Host.Host))
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        response.StatusCode = StatusCodes.Status204NoContent;
        var scope = domain.Length > 0 ? $"; domain={domain}" : "";
        response.Headers.Append(
            "Set-Cookie",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{CookieName}={code}; max-age={(long)CookieLife.TotalSeconds}{scope}; path=/; samesite=lax"));
        return Task.CompletedTask;
    }

    private static string? CodeOf(HttpRequest request)
    {
        if (CookieHeader.First(request.Headers.Cookie, CookieName, VisitorCode.IsValidInCookie, out _) is { } known)
        {
            return known;
        }

        foreach (var name in (ReadOnlySpan<string>)["visitorCode", CookieName])
        {
            if (request.Query[name] is [{ } asked] && VisitorCode.IsValidInAddress(asked))
            {
                return asked;
            }
        }

        return null;
    }

    // The host itself, or a domain above it; browsers refuse domains that are no site.
    private static bool IsOwn(string domain, string host)
    {
        var name = domain.TrimStart('.');
        return domain.Length == 0
            || (Uri.CheckHostName(name) == UriHostNameType.Dns && HostNames.Covers(name, host));
    }
}
