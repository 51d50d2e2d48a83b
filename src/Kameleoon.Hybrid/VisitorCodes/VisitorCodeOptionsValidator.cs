using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The rules of the settings that say who a visitor is.</summary>
internal sealed class VisitorCodeOptionsValidator : IValidateOptions<KameleoonOptions>
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

        foreach (var origin in cookie.SyncOrigins)
        {
            problems.Require(IsOriginOf(origin, cookie.Domain),
                $"Kameleoon:Cookie:SyncOrigins has '{origin}'. Name origins of Kameleoon:Cookie:Domain such as "
                + "https://www.example.com, without a path.");
        }

        return problems.Build();
    }

    private static bool IsOriginOf(string origin, string? domain) =>
        domain is not null
        && Uri.TryCreate(origin, UriKind.Absolute, out var address)
        && string.Equals(address.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase)
        && HostNames.Covers(HostNames.Normalize(domain), address.Host);
}
