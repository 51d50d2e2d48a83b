using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Reads the user id of a signed-in user from the claims.</summary>
internal sealed class UserIds(IOptions<KameleoonOptions> options, KameleoonMetrics metrics, ILogger<UserIds> logger)
{
    private readonly string? _claim = options.Value.Identity.UserIdClaim;
    private readonly bool _includesIssuer = options.Value.Identity.UserIdIncludesIssuer;
    private readonly LogOnce _unfitUserId = new();

    /// <summary>Returns the signed-in user, or null when the request has none.</summary>
    internal static ClaimsPrincipal? FindUser(HttpContext context) =>
        context.Features.Find<IHttpAuthenticationFeature>()?.User is { Identity.IsAuthenticated: true } user ? user : null;

    /// <summary>Returns the id of a signed-in user, or null when the claim is missing or too long.</summary>
    internal string? Find(ClaimsPrincipal user)
    {
        var claim = _claim is null
            ? user.FindFirst(ClaimTypes.NameIdentifier) ?? user.FindFirst("sub")
            : user.FindFirst(_claim);
        if (claim is { Value: { Length: > 0 and <= UserKeys.MaxLength } userId })
        {
            return _includesIssuer && !string.Equals(claim.Issuer, ClaimsIdentity.DefaultIssuer, StringComparison.Ordinal)
                ? $"{claim.Issuer} {userId}"
                : userId;
        }

        Refuse(claim is null ? "no such claim" : $"a claim of {claim.Value.Length} characters");
        return null;
    }

    internal void Refuse(string problem)
    {
        metrics.VisitorCodeRefused("user");
        if (_unfitUserId.IsFirst())
        {
            logger.UserIdUnfit(problem, _claim ?? "nameidentifier, sub", UserKeys.MaxLength);
        }
    }
}
