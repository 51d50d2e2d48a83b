using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Net.Http.Headers;

namespace Kameleoon.Hybrid;

/// <summary>What a response tells the caches between us and the visitor.</summary>
internal static class ResponseCaching
{
    private const string Nobody = "private, no-cache, no-store";

    /// <summary>Nobody may keep this response but the framework's output cache, which does not ask headers.</summary>
    internal static void Forbid(HttpContext context)
    {
        context.Response.Headers.CacheControl = Nobody;

        // The framework's response cache decides before the headers leave, by what the application says until then. This
        // it believes whatever else is said.
        if (context.Features.Get<IResponseCachingFeature>() is not null)
        {
            context.Response.Headers.Vary = "*";
        }
    }

    /// <summary>A copy that a browser keeps and has confirmed would replay its scripts with a nonce of the past.</summary>
    internal static void RemoveValidators(HttpResponse response)
    {
        response.Headers.ETag = default;
        response.Headers.LastModified = default;
    }

    internal static void ForbidOutputCache(HttpContext context)
    {
        if (context.Features.Get<IOutputCacheFeature>() is { } cache)
        {
            cache.Context.AllowCacheStorage = false;
        }
    }

    /// <summary>A response with a cookie of ours is not for others, unless the application says something itself.
    /// </summary>
    internal static void KeepPrivate(HttpResponse response)
    {
        if (response.Headers.CacheControl.Count == 0)
        {
            response.Headers.CacheControl = "private";
        }
    }

    /// <summary>Whether the output cache is about to store this response; a response with a cookie it would refuse, or
    /// hand the cookie to others. One that comes out of the cache has an age.</summary>
    internal static bool IsBeingStored(HttpContext context) =>
        context.Features.Get<IOutputCacheFeature>()?.Context is { EnableOutputCaching: true, AllowCacheStorage: true }
        && context.Response.Headers.Age.Count == 0;

    // The likes of "0" and "-1" are no dates, and mean the past.
    private static bool HasFuture(string expires) =>
        HeaderUtilities.TryParseDate(expires, out var date) && date > DateTimeOffset.UnixEpoch.AddYears(1);

    /// <summary>Whether a cache may hand this response to other visitors; a <c>Set-Cookie</c> would go with it.</summary>
    internal static bool IsShared(HttpResponse response)
    {
        var headers = response.Headers;
        if (headers.CacheControl is [Nobody])
        {
            return false; // The usual page of ours; reading it anew each time would be most of what a decision allocates.
        }

        var expires = headers.Expires.Count > 0 && HasFuture(headers.Expires.ToString());
        if (headers.CacheControl.Count == 0 || !CacheControlHeaderValue.TryParse(headers.CacheControl.ToString(), out var cache))
        {
            return expires;
        }

        var hasLifetime = cache.MaxAge is { } age ? age > TimeSpan.Zero : expires;
        return cache.Public
            || cache.SharedMaxAge is not null
            || (hasLifetime && !cache.Private && !cache.NoStore && !cache.NoCache);
    }
}
