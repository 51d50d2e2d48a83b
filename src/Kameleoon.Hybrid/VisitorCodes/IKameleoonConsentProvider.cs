using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Reads the visitor's consent from a request, typically from the cookie of a consent management
/// platform.</summary>
/// <remarks>
/// Register implementations as singletons. They are called in the order of registration, once for a request and only if
/// the data file requires consent; the first answer is used. Decisions that begin at the same moment may call at the same
/// moment. They are called during the request, so they must not block. A later call of
/// <see cref="IKameleoonClient.SetLegalConsent"/> in the same request takes precedence.
/// </remarks>
public interface IKameleoonConsentProvider
{
    /// <summary>Returns the visitor's consent.</summary>
    /// <param name="context">The request.</param>
    /// <returns>True for consent, false for a refusal, null when the visitor has not answered.</returns>
    bool? GetConsent(HttpContext context);
}
