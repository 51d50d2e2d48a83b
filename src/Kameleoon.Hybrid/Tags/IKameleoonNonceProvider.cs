using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Provides the Content-Security-Policy nonce of a response to the library's tags, so that pages need not
/// repeat it.</summary>
/// <remarks>Register it with any lifetime. A tag's own <c>nonce</c> attribute takes precedence. Without a provider the
/// tags read <c>HttpContext.Items["csp-nonce"]</c>.</remarks>
public interface IKameleoonNonceProvider
{
    /// <summary>Returns the nonce of this response, as in the policy but without <c>nonce-</c>, or null for
    /// none.</summary>
    /// <param name="context">The request whose page is being rendered.</param>
    string? GetNonce(HttpContext context);
}
