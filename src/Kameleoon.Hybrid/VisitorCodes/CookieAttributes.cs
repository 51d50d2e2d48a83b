using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The attributes of the cookies that this server writes: lifetime, scope, and with which requests browsers send
/// them.</summary>
internal sealed class CookieAttributes(KameleoonCookieOptions options, TimeProvider clock)
{
    private const string Expired = "=; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=0; path=/";

    private readonly bool? _secure = options.Secure;
    private readonly bool _isNone = options.SameSite == SameSiteMode.None;
    private readonly bool _isPartitioned = options.Partitioned;

    /// <summary>The domain whose hosts share the cookies, or null for the host of the request.</summary>
    internal string? Domain { get; } = HostNames.NormalizeOrNull(options.Domain);

    /// <summary>Whether browsers send the cookies with requests that other sites start. Browsers reject such cookies over
    /// http, so they are written as Lax there.</summary>
    internal bool CrossesSites(HttpRequest request) => _isNone && IsSecure(request);

    /// <summary>Whether browsers keep separate cookies for each site with a frame of this one.</summary>
    internal bool IsPartitioned(HttpRequest request) => _isPartitioned && CrossesSites(request);

    /// <summary>Names the attributes in the stamp, so that a change of the settings renews the cookie.</summary>
    internal string Mark(HttpRequest request) => IsPartitioned(request) ? "p" : CrossesSites(request) ? "n" : "";

    /// <summary>Returns the attributes of a cookie that is kept for a number of days.</summary>
    internal string For(HttpRequest request, int days)
    {
        var expires = clock.GetUtcNow().AddDays(days).ToString("R", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"; expires={expires}; max-age={days * 86400}; path=/{InDomain(Domain)}"
            + $"; samesite={(CrossesSites(request) ? "none" : "lax")}{(IsSecure(request) ? "; secure" : "")}"
            + $"{(IsPartitioned(request) ? "; partitioned" : "")}");
    }

    /// <summary>Removes a cookie of the host alone, or of a domain, wherever the browser keeps it.</summary>
    internal void Remove(HttpContext context, string name, string? domain)
    {
        RemoveUnpartitioned(context, name, domain);
        if (IsPartitioned(context.Request))
        {
            context.Response.Headers.Append(
                "Set-Cookie", $"{name}{Expired}{InDomain(domain)}; samesite=none; secure; partitioned");
        }
    }

    /// <summary>Removes the cookie that was written before the cookies were partitioned, and that the browser would send
    /// beside the partitioned one.</summary>
    /// <remarks>Not in a frame: the site's own pages have to read the old cookie once more.</remarks>
    internal void RemoveFormer(HttpContext context, string name)
    {
        var request = context.Request;
        if (IsPartitioned(request)
            && !RequestIntent.IsFrame(request)
            && CookieHeader.Any(request.Headers.Cookie, name, 0, static (_, _) => true))
        {
            RemoveUnpartitioned(context, name, Domain);
        }
    }

    private void RemoveUnpartitioned(HttpContext context, string name, string? domain) => context.Response.Headers.Append(
        "Set-Cookie",
        $"{name}{Expired}{InDomain(domain)}{(CrossesSites(context.Request) ? "; samesite=none; secure" : "")}");

    private bool IsSecure(HttpRequest request) => _secure ?? request.IsHttps;

    private static string InDomain(string? domain) => domain is null ? "" : "; domain=" + domain;
}
