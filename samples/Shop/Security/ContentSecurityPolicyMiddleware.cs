namespace Shop.Security;

/// <summary>Forbids every script, style and connection that the shop did not ask for.</summary>
internal sealed class ContentSecurityPolicyMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context, CspNonce nonce)
    {
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'nonce-{nonce.Value}'; object-src 'none'; base-uri 'self'; "
            + "form-action 'self'; frame-ancestors 'none'";
        return next(context);
    }
}
