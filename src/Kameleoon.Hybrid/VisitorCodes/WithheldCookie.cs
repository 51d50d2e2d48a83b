using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Recognizes requests with which browsers do not send <c>SameSite=Lax</c> cookies.</summary>
/// <remarks>Such a request without a visitor code does not come from a new visitor. Writing a cookie in its response would
/// replace the visitor's code. The GET request after a redirect carries the cookie again.</remarks>
internal static class WithheldCookie
{
    /// <summary>Whether the browser may have cookies that it did not send.</summary>
    /// <param name="request">A request without a visitor code.</param>
    /// <param name="domain">The domain that the site's hosts share, or null.</param>
    /// <param name="crossesSites">Whether the cookie is written so that browsers send it in frames of other sites.</param>
    internal static bool IsLikely(HttpRequest request, string? domain, bool crossesSites)
    {
        if (RequestIntent.IsFrame(request))
        {
            return !crossesSites && RequestIntent.IsCrossSiteFrame(request);
        }

        return !IsSafe(request.Method)
            && RequestIntent.CanKeepCookie(request)
            && RequestOrigin.IsOtherSite(request, domain);
    }

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
