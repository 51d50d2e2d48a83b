using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kameleoon.Hybrid;

/// <summary>What a response tells the caches between us and the visitor.</summary>
internal static class ResponseCaching
{
    internal static void Forbid(HttpResponse response) =>
        response.Headers.CacheControl = "private, no-cache, no-store";

    /// <summary>A response with a cookie of ours is not for others, unless the application says something itself.
    /// </summary>
    internal static void KeepPrivate(HttpResponse response)
    {
        if (response.Headers.CacheControl.Count == 0)
        {
            response.Headers.CacheControl = "private";
        }
    }

    /// <summary>Whether a cache may hand this response to other visitors; a <c>Set-Cookie</c> would go with it.</summary>
    internal static bool IsShared(HttpResponse response)
    {
        var headers = response.Headers;
        if (!CacheControlHeaderValue.TryParse(headers.CacheControl.ToString(), out var cache))
        {
            return headers.Expires.Count > 0;
        }

        var hasLifetime = cache.MaxAge > TimeSpan.Zero || headers.Expires.Count > 0;
        return cache.Public || cache.SharedMaxAge is not null || (hasLifetime && !cache.Private && !cache.NoStore);
    }
}
