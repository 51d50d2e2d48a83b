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
