using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Tells what a request's visitor answered when asked for consent, typically from the cookie of a consent
/// management platform.</summary>
/// <remarks>
/// Register implementations as singletons. They are asked in the order of registration, once for a request and only
/// where the data file requires consent; the first that knows decides. Called during the request, so they must not
/// wait. What <see cref="IKameleoonClient.SetLegalConsent"/> says later in the same request comes after them.
/// </remarks>
public interface IKameleoonConsentProvider
{
    /// <summary>Reads the visitor's answer.</summary>
    /// <param name="context">The request.</param>
    /// <returns>True for consent, false for a refusal, null when the visitor was not asked or did not answer yet.
    /// </returns>
    bool? GetConsent(HttpContext context);
}
