using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Refuses posts that a browser sends for a page of another site, where no SDK would send them.</summary>
/// <remarks>The engine and the browser SDKs post events from pages of any site. Maps and deletions are posted by servers.
/// A browser does not say where a post comes from when a site lets its own name lead to this machine; its page's origin then
/// names a host that is not allowed.</remarks>
internal sealed class CrossSitePosts(IOptions<KameleoonSandboxOptions> options)
{
    // The SDKs that run in browsers; the others post from servers and applications.
    private static readonly HashSet<string> BrowserSdks =
        new(StringComparer.OrdinalIgnoreCase) { "javascript", "js", "react", "reactjs", "angular", "vue", "svelte", "flutter" };

    private readonly AllowedHosts _allowed = new(options.Value.AllowedHosts);

    /// <summary>Lets no page of another site post.</summary>
    internal RequestDelegate Refused(RequestDelegate next) =>
        context => CallingSite.IsOther(context.Request) || IsOfForeignPage(context.Request) ? RefuseAsync(context) : next(context);

    /// <summary>Lets pages of other sites post what the engine or a browser SDK posts there.</summary>
    internal static RequestDelegate OfSdksOnly(RequestDelegate next) =>
        context => CallingSite.IsOther(context.Request) && !IsOfSdk(context.Request) ? RefuseAsync(context) : next(context);

    private bool IsOfForeignPage(HttpRequest request) =>
        !request.Headers.ContainsKey("Sec-Fetch-Site")
        && request.Headers.Origin is [{ Length: > 0 } origin, ..]
        && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && _allowed.Contains(page.Host));

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
