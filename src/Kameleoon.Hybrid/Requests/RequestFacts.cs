using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Kameleoon.Hybrid;

/// <summary>What the request itself tells about its visitor. Each fact is read when first asked, and once.</summary>
/// <remarks>Once the response is complete the request is no longer there; what nobody asked by then is unknown.
/// </remarks>
/// <param name="visitor">The visitor of the request.</param>
/// <param name="sources">What may be asked.</param>
internal sealed class RequestFacts(RequestVisitor visitor, KameleoonRequestFacts sources)
{
    private string? _address;
    private string? _referrer;
    private UserAgentReading? _userAgent;
    private KeyValuePair<string, string>[]? _cookies;

    /// <summary>The page's address as the browser knows it, or null.</summary>
    internal VisitorPage? Page => sources.Url ? PageOf(_address ??= ReadAddress(visitor.Context)) : null;

    /// <summary>The page the visitor came from, or null.</summary>
    internal VisitorPage? Referrer => sources.Referrer
        ? PageOf(_referrer ??= visitor.Context?.Request.Headers.Referer.ToString() ?? "")
        : null;

    internal UserAgentReading? UserAgent => sources.UserAgent
        ? _userAgent ??= new UserAgentReading(visitor.UserAgent ?? "")
        : null;

    internal IReadOnlyList<KeyValuePair<string, string>>? Cookies => sources.Cookies
        ? _cookies ??= [.. visitor.Context?.Request.Cookies ?? Enumerable.Empty<KeyValuePair<string, string>>()]
        : null;

    private static VisitorPage? PageOf(string address) => address.Length > 0 ? new VisitorPage(address) : null;

    // The raw target is what the browser asked for, whatever middleware rewrote since; a proxy may have cut the base.
    private static string ReadAddress(HttpContext? context)
    {
        if (context is null)
        {
            return "";
        }

        var request = context.Request;
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (target is not ['/', ..])
        {
            return request.GetEncodedUrl();
        }

        var pathBase = request.PathBase.ToUriComponent();
        var path = target.StartsWith(pathBase, StringComparison.OrdinalIgnoreCase) ? target : pathBase + target;
        return string.Concat(request.Scheme, "://", request.Host.Value, path);
    }
}
