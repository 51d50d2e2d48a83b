using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.TestKit;

/// <summary>Signs in whom the header <c>X-User</c> names: what a test says is who somebody is.</summary>
internal sealed class UserHeader(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string Name = "X-User";
    internal const string IssuerName = "X-Issuer";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[Name] is not [{ } user])
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var issuer = Request.Headers[IssuerName] is [{ } named] ? named : null;
        var identity = new ClaimsIdentity(
            [new Claim("sub", Uri.UnescapeDataString(user), ClaimValueTypes.String, issuer)], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }
}
