using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Settings;

/// <summary>How the visitor-code cookie is written. It is never <c>HttpOnly</c>, because the engine must read
/// it.</summary>
public sealed class KameleoonCookieOptions
{
    /// <summary>The registrable domain whose subdomains share the visitor, for example <c>example.com</c>. Default:
    /// none, so the cookie belongs to the host of the request.</summary>
    public string? Domain { get; set; }

    /// <summary>Whether the cookie is marked <c>Secure</c>. Default: true for https requests. Behind a proxy, the
    /// forwarded-headers middleware must run first.</summary>
    public bool? Secure { get; set; }

    /// <summary>Whether browsers send the cookie with requests that other sites start: <see cref="SameSiteMode.Lax"/>
    /// (default) or <see cref="SameSiteMode.None"/>.</summary>
    /// <remarks>With <see cref="SameSiteMode.Lax"/>, browsers send it with links of other sites, but not with their forms
    /// (payments, OpenID Connect's <c>form_post</c>) and not to pages in their frames. Browsers accept
    /// <see cref="SameSiteMode.None"/> only over https: outside of Development it requires <see cref="Secure"/> = true, and in
    /// Development the cookie is written as Lax over http. <see cref="SameSiteMode.Strict"/> is invalid, because browsers then
    /// send no code with the first page after a link of another site.</remarks>
    public SameSiteMode SameSite { get; set; } = SameSiteMode.Lax;

    /// <summary>Whether browsers keep a separate cookie for each site that has this application's pages in a frame (CHIPS).
    /// Default false. Requires <see cref="SameSite"/> = <see cref="SameSiteMode.None"/>.</summary>
    /// <remarks>Browsers that block cookies of other sites accept partitioned ones.</remarks>
    public bool Partitioned { get; set; }

    /// <summary>Whether the visitor code is read from the browser's cookie. Default true; set it to false when the
    /// application always passes the code itself.</summary>
    public bool Read { get; set; } = true;

    /// <summary>Whether the cookie is set only by responses for which a flag was decided or the code was requested, so
    /// that all others stay unchanged. Default false.</summary>
    public bool OnlyOnDecision { get; set; }

    /// <summary>The origins of pages on other hosts of <see cref="Domain"/> whose scripts may call the endpoint of
    /// <c>MapKameleoonSync</c>, for example <c>https://www.example.com</c>. Default none.</summary>
    public IList<string> SyncOrigins { get; } = [];
}
