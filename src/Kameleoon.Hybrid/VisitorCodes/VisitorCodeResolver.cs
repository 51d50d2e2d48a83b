using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Decides who the visitor of a request is: cookie, then query parameter, then a new code.</summary>
internal sealed class VisitorCodeResolver(
    IOptions<KameleoonOptions> options,
    KameleoonMetrics metrics,
    ILogger<VisitorCodeResolver> logger)
{
    private readonly QueryParameterPolicy _query = options.Value.QueryParameter;

    internal ResolvedVisitorCode Resolve(HttpRequest request)
    {
        var code = VisitorCookie.Read(request, out var refused);
        if (refused)
        {
            Refuse("cookie");
        }

        if (code is not null)
        {
            return new ResolvedVisitorCode(code, InCookie: true);
        }

        return new ResolvedVisitorCode(FromQuery(request) ?? VisitorCode.Generate(), InCookie: false);
    }

    private string? FromQuery(HttpRequest request)
    {
        if (!MayReadQuery(request) || !request.Query.TryGetValue(VisitorCookie.Name, out var values))
        {
            return null;
        }

        var code = values.Count == 1 ? values[0] : null;
        if (VisitorCode.IsValidInAddress(code))
        {
            return code;
        }

        Refuse("query");
        return null;
    }

    private bool MayReadQuery(HttpRequest request) =>
        request.QueryString.HasValue
        && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && _query switch
        {
            QueryParameterPolicy.Always => true,
            QueryParameterPolicy.SameSite => request.Headers["Sec-Fetch-Site"].ToString() is
                "" or "same-origin" or "same-site",
            _ => false,
        };

    private void Refuse(string source)
    {
        metrics.VisitorCodeRefused(source);
        logger.VisitorCodeRefused(source);
    }
}

/// <param name="Code">The visitor code.</param>
/// <param name="InCookie">Whether the browser sent it as its cookie.</param>
internal readonly record struct ResolvedVisitorCode(string Code, bool InCookie);
