using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Kameleoon.Hybrid;

/// <summary>Reads and sets whether caches may store a response.</summary>
internal static class ResponseCaching
{
    private const string NotStored = "private, no-cache, no-store";

    /// <summary>Forbids all caches to store the response, except the framework's output cache, which ignores
    /// headers.</summary>
    internal static void Forbid(HttpContext context)
    {
        context.Response.Headers.CacheControl = NotStored;

        // The framework's response cache decides before the headers are sent. It never stores a response with this
        // header.
        if (context.Features.Find<IResponseCachingFeature>() is not null)
        {
            context.Response.Headers.Vary = "*";
        }
    }

    /// <summary>Removes the headers by which CDNs keep a response whatever <c>Cache-Control</c> says, and the validators.</summary>
    /// <remarks>A copy that a browser revalidates would run its scripts with an old nonce.</remarks>
    internal static void RemoveForCaches(HttpResponse response) => HeaderSearch.Any(
        response.Headers,
        static (headers, name, value) => (IsValidator(name) || MayKeep(name, value)) && headers.Remove(name));

    /// <summary>Forbids the framework's output cache to store the response.</summary>
    internal static void ForbidOutputCache(HttpContext context)
    {
        if (context.Features.Find<IOutputCacheFeature>() is { } cache)
        {
            cache.Context.AllowCacheStorage = false;
        }
    }

    /// <summary>Marks a response with a visitor cookie as private, and keeps what else the application says.</summary>
    /// <remarks>A cache may store what it has to ask about again, and what is private in some of its headers only.</remarks>
    internal static void KeepPrivate(HttpResponse response)
    {
        var header = response.Headers.CacheControl;
        if (header is [NotStored])
        {
            return;
        }

        if (header.Count == 0)
        {
            response.Headers.CacheControl = "private";
        }
        else if (!CacheControlHeaderValue.TryParse(header.ToString(), out var cache))
        {
            response.Headers.CacheControl = NotStored; // It may mean more than private.
        }
        else if (!cache.NoStore && !IsPrivate(cache))
        {
            // Caches take the first of two, so the one with names must not stay.
            cache.PrivateHeaders.Clear();
            cache.Private = true;
            response.Headers.CacheControl = cache.ToString();
        }
    }

    /// <summary>Whether the output cache is about to store the response. A response from the cache has an
    /// <c>Age</c>.</summary>
    /// <remarks>The cache would refuse a response with a cookie, or send the cookie to other visitors.</remarks>
    internal static bool IsBeingStored(HttpContext context) =>
        context.Features.Find<IOutputCacheFeature>()?.Context is { EnableOutputCaching: true, AllowCacheStorage: true }
        && context.Response.Headers.Age.Count == 0;

    // Values such as "0" and "-1" are not dates and mean the past.
    private static bool HasFuture(string expires) =>
        HeaderUtilities.TryParseDate(expires, out var date) && date > DateTimeOffset.UnixEpoch.AddYears(1);

    /// <summary>Whether a cache may send the response to other visitors, together with a <c>Set-Cookie</c>.</summary>
    internal static bool IsShared(HttpResponse response) =>
        IsPublic(response)
        || HeaderSearch.Any(response.Headers, static (_, name, value) => MayKeep(name, value));

    /// <summary>Whether <c>Cache-Control</c> or <c>Expires</c> lets all caches share the response.</summary>
    internal static bool IsPublic(HttpResponse response)
    {
        var headers = response.Headers;
        if (headers.CacheControl is [NotStored])
        {
            return false; // The usual case. Parsing the header would be most of what a decision allocates.
        }

        var expires = headers.Expires.Count > 0 && HasFuture(headers.Expires.ToString());
        if (headers.CacheControl.Count == 0 || !CacheControlHeaderValue.TryParse(headers.CacheControl.ToString(), out var cache))
        {
            return expires;
        }

        var hasLifetime = cache.MaxAge is { } age ? age > TimeSpan.Zero : expires;
        return cache.Public
            || cache.SharedMaxAge is not null
            || (hasLifetime && !IsPrivate(cache) && !cache.NoStore && !(cache.NoCache && cache.NoCacheHeaders.Count == 0));
    }

    // With names it holds for those headers only.
    private static bool IsPrivate(CacheControlHeaderValue cache) => cache.Private && cache.PrivateHeaders.Count == 0;

    private static bool IsValidator(string name) => name.Length switch
    {
        4 => name.Equals("ETag", StringComparison.OrdinalIgnoreCase),
        13 => name.Equals("Last-Modified", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    // RFC 9213 is CDN-Cache-Control. CDNs read it under their own names, too, such as Cloudflare-CDN-Cache-Control.
    private static bool IsTargeted(string name) => name.Length switch
    {
        12 => name.Equals("Edge-Control", StringComparison.OrdinalIgnoreCase),
        15 => name.Equals("X-Accel-Expires", StringComparison.OrdinalIgnoreCase),
        > 15 => name.EndsWith("-Cache-Control", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Surrogate-Control", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    // What has to be confirmed first is kept, too. "X-Accel-Expires: 0" keeps nothing, and Surrogate-Control need not speak of
    // keeping.
    private static bool MayKeep(string name, StringValues values)
    {
        if (!IsTargeted(name))
        {
            return false;
        }

        var value = values.ToString().AsSpan();
        foreach (var directive in value.Split(','))
        {
            var text = value[directive].Trim();
            if (text is "0"
                || text.Equals("no-store", StringComparison.OrdinalIgnoreCase)
                || text.Equals("private", StringComparison.OrdinalIgnoreCase)
                || text.Equals("bypass-cache", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return !name.StartsWith("Surrogate", StringComparison.OrdinalIgnoreCase)
            || value.Contains("max-age", StringComparison.OrdinalIgnoreCase);
    }
}
