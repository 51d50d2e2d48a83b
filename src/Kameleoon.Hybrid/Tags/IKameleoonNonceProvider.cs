using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Tells our tags the Content-Security-Policy nonce of a response, so that pages need not repeat it.</summary>
/// <remarks>Register it with any lifetime. A tag's own <c>nonce</c> attribute wins; without a provider the tags look
/// into <c>HttpContext.Items["csp-nonce"]</c>.</remarks>
public interface IKameleoonNonceProvider
{
    /// <summary>The nonce of this response, as in the policy but without <c>nonce-</c>, or null for none.</summary>
    /// <param name="context">The request whose page is being rendered.</param>
    string? GetNonce(HttpContext context);
}
