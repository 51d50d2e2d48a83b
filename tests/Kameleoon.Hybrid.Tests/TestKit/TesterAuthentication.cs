using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
#pragma warning disable IDE0005 // One of the two test projects imports it everywhere.
using Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0005
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Signs in the user whose name is in the cookie <c>user</c>. The user <c>tester</c> fulfils the policy for testers.
/// </summary>
internal sealed class TesterAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string Policy = "Testers";

    internal static void Add(IServiceCollection services)
    {
        services.AddAuthentication("Tester").AddScheme<AuthenticationSchemeOptions, TesterAuthentication>("Tester", static _ => { });
        services.AddAuthorization(static all => all.AddPolicy(Policy, static policy => policy.RequireUserName("tester")));
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Cookies["user"] is { } user
        ? AuthenticateResult.Success(new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, user), new Claim(ClaimTypes.Role, user)], Scheme.Name)), Scheme.Name))
        : AuthenticateResult.NoResult());
}
