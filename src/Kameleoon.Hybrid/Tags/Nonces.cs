using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Finds the nonce for a response's inline scripts, and logs once when the policy requires one that is
/// missing.</summary>
internal sealed class Nonces(ILogger<Nonces> logger)
{
    private const string Item = "csp-nonce";

    private readonly LogOnce _routes = new();

    internal string? Find(HttpContext context, string? attribute)
    {
        var nonce = string.IsNullOrEmpty(attribute) ? Find(context) : attribute;
        if (string.IsNullOrEmpty(nonce))
        {
            WarnIfNeeded(context);
        }
        else
        {
            // A nonce is valid for one response. Browsers would not run the scripts of a cached copy.
            ResponseCaching.ForbidOutputCache(context);
        }

        return nonce;
    }

    // Read through the feature, because the context's property creates a dictionary for each request.
    private static string? Find(HttpContext context) =>
        context.RequestServices.GetService<IKameleoonNonceProvider>()?.GetNonce(context)
        ?? context.Features.Find<IItemsFeature>()?.Items[Item]?.ToString();

    private void WarnIfNeeded(HttpContext context)
    {
        if (context.Response.Headers.ContentSecurityPolicy.ToString().Contains("'nonce-", StringComparison.OrdinalIgnoreCase)
            && RouteName.Of(context) is var route
            && _routes.IsFirst(route))
        {
            logger.NonceMissing(route);
        }
    }
}
