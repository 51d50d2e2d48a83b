using System.Security.Cryptography;
using Kameleoon.Hybrid;
using Microsoft.Extensions.Options;

namespace Shop.Security;

/// <summary>Forbids every script, style and connection that the shop did not ask for.</summary>
internal sealed class ContentSecurityPolicyMiddleware(RequestDelegate next, IOptions<KameleoonOptions> options)
{
    private const int NonceLength = 32;

    // The engine reports to where it came from; with the embedded sandbox that is the shop itself.
    private readonly string _engine = options.Value.Endpoints.Engine switch
    {
        null => " https://*.kameleoon.io https://*.kameleoon.eu",
        { IsAbsoluteUri: true } elsewhere => " " + elsewhere.GetLeftPart(UriPartial.Authority),
        _ => "",
    };

    public Task InvokeAsync(HttpContext context)
    {
        var nonce = RandomNumberGenerator.GetHexString(NonceLength, lowercase: true);
        context.Items["csp-nonce"] = nonce; // where the kameleoon tags look for it
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'{_engine}; "
            + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
        return next(context);
    }
}
