using Kameleoon.Hybrid;
using Microsoft.Extensions.Options;

namespace Shop.Security;

/// <summary>Forbids every script, style and connection that the shop did not ask for.</summary>
internal sealed class ContentSecurityPolicyMiddleware(RequestDelegate next, IOptions<KameleoonOptions> options)
{
    // The engine reports to where it came from; with the embedded sandbox that is the shop itself.
    private readonly string _engine = options.Value.Endpoints.Engine switch
    {
        null => " https://*.kameleoon.io https://*.kameleoon.eu",
        { IsAbsoluteUri: true } elsewhere => " " + elsewhere.GetLeftPart(UriPartial.Authority),
        _ => "",
    };

    public Task InvokeAsync(HttpContext context, CspNonce nonce)
    {
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'nonce-{nonce.Value}'; connect-src 'self'{_engine}; "
            + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
        return next(context);
    }
}
