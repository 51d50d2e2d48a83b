using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Refuses posts that a browser sends for a page of another site, where no SDK would send them.</summary>
/// <remarks>The engine and the browser SDKs post events from pages of any site. Maps and deletions are posted by servers.
/// </remarks>
internal static class CrossSitePosts
{
    // The SDKs that run in browsers; the others post from servers and applications.
    private static readonly HashSet<string> BrowserSdks =
        new(StringComparer.OrdinalIgnoreCase) { "javascript", "js", "react", "reactjs", "angular", "vue", "svelte", "flutter" };

    /// <summary>Lets no page of another site post.</summary>
    internal static RequestDelegate Refused(RequestDelegate next) =>
        context => CallingSite.IsOther(context.Request) ? RefuseAsync(context) : next(context);

    /// <summary>Lets pages of other sites post what the engine or a browser SDK posts there.</summary>
    internal static RequestDelegate OfSdksOnly(RequestDelegate next) =>
        context => CallingSite.IsOther(context.Request) && !IsOfSdk(context.Request) ? RefuseAsync(context) : next(context);

    private static bool IsOfSdk(HttpRequest request)
    {
        if (CallingSite.IsNavigation(request))
        {
            return false;
        }

        var query = QueryHelpers.ParseQuery(request.QueryString.Value);
        return string.Equals(query.GetValueOrDefault("engine"), "true", StringComparison.OrdinalIgnoreCase)
            || (query.GetValueOrDefault("sdkName") is [{ } name, ..] && BrowserSdks.Contains(name));
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(
            "A page of another site posted this, as no SDK does. Servers and programs may post it.", context.RequestAborted);
    }
}
