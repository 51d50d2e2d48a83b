using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Ends a request with a problem details response.</summary>
#pragma warning disable CA1032, CA1064 // Thrown and caught in this folder only.
internal sealed class IdentityProblemException(int status, string title, string detail) : Exception(detail)
#pragma warning restore CA1032, CA1064
{
    internal int Status => status;

    internal string Title => title;

    /// <summary>For status 503: the seconds after which the request can be sent again.</summary>
    internal string RetryAfter { get; init; } = IdentityEndpoint.RetryAfterSeconds;

    /// <summary>The errors of the request body, by their path.</summary>
    internal Dictionary<string, string[]>? Errors { get; init; }

    internal static IdentityProblemException BadRequest(string title, string detail) =>
        new(StatusCodes.Status400BadRequest, title, detail);

    internal static IdentityProblemException NotSignedIn() => new(
        StatusCodes.Status401Unauthorized, "No user is signed in.", "Only a signed-in user has a visitor code to ask for.");

    internal static IdentityProblemException NoConsent() => new(
        StatusCodes.Status403Forbidden,
        "The person has not agreed.",
        "Consent is required before a visitor code is linked to a user, or it is not known yet whether it is. Nothing was "
        + "changed. Have the application tell the answer, by an IKameleoonConsentProvider or SetLegalConsent.");
}
