using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Finds the nonce that a response's inline scripts need, and tells once when it seems forgotten.</summary>
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
            // It is good for one response; browsers would run nothing of a copy.
            ResponseCaching.ForbidOutputCache(context);
        }

        return nonce;
    }

    // Asked by the feature: the context's own property would make a dictionary for every request.
    private static string? Find(HttpContext context) =>
        context.RequestServices.GetService<IKameleoonNonceProvider>()?.GetNonce(context)
        ?? context.Features.Get<IItemsFeature>()?.Items[Item]?.ToString();

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
