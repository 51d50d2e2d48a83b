using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Validates the settings of the visitor code and its cookie.</summary>
internal sealed class VisitorCodeOptionsValidator(IHostEnvironment? environment = null) : IValidateOptions<KameleoonOptions>
{
    public ValidateOptionsResult Validate(string? name, KameleoonOptions options)
    {
        var problems = new OptionProblems();
        var cookie = options.Cookie;
        problems.RequireKnown("QueryParameter", options.QueryParameter);
        problems.RequirePath("SeenPath", options.SeenPath);

        // Browsers refuse cookies for a single label, for localhost by name, and for an address.
        problems.Require(cookie.Domain is null || HostNames.IsDomain(HostNames.Normalize(cookie.Domain)),
            $"Kameleoon:Cookie:Domain is '{cookie.Domain}', which no browser accepts. Set it to a registrable "
            + "domain such as example.com, or leave it out for a cookie of the request's host.");
        foreach (var domain in options.CrossDomains)
        {
            problems.Require(HostNames.IsDomain(HostNames.Normalize(domain)),
                $"Kameleoon:CrossDomains has '{domain}'. Name domains such as example.com, without a path or a port.");
        }

        RequireCrossSiteCookie(problems, cookie);
        foreach (var origin in cookie.SyncOrigins)
        {
            problems.Require(IsOriginOf(origin, cookie.Domain),
                $"Kameleoon:Cookie:SyncOrigins has '{origin}'. Name origins of Kameleoon:Cookie:Domain such as "
                + "https://www.example.com, without a path.");
        }

        return problems.Build();
    }

    // Development servers often use http, where the cookie is written as Lax. Everywhere else https must be certain.
    private void RequireCrossSiteCookie(OptionProblems problems, KameleoonCookieOptions cookie)
    {
        problems.Require(cookie.SameSite is SameSiteMode.Lax or SameSiteMode.None,
            $"Kameleoon:Cookie:SameSite is {cookie.SameSite}. Set it to Lax or None. With Strict, browsers do not send the "
            + "visitor code with the first page after a link of another site, so each such visit counts as a new visitor.");
        problems.Require(
            cookie.SameSite != SameSiteMode.None || cookie.Secure == true || environment?.IsDevelopment() == true,
            "Kameleoon:Cookie:SameSite is None, which browsers accept only for Secure cookies over https. Serve the site over "
            + "https and set Kameleoon:Cookie:Secure to true, or set Kameleoon:Cookie:SameSite to Lax.");
        problems.Require(!cookie.Partitioned || cookie.SameSite == SameSiteMode.None,
            $"Kameleoon:Cookie:Partitioned is true, but Kameleoon:Cookie:SameSite is {cookie.SameSite}. Set "
            + "Kameleoon:Cookie:SameSite to None and Kameleoon:Cookie:Secure to true, or Kameleoon:Cookie:Partitioned to false.");
    }

    private static bool IsOriginOf(string origin, string? domain) =>
        domain is not null
        && Uri.TryCreate(origin, UriKind.Absolute, out var address)
        && string.Equals(address.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase)
        && HostNames.Covers(HostNames.Normalize(domain), address.Host);
}
