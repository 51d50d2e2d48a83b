namespace Kameleoon.Hybrid;

/// <summary>How the visitor-code cookie is written. It is never <c>HttpOnly</c>: the engine has to read it.</summary>
public sealed class KameleoonCookie
{
    /// <summary>The registrable domain to share the visitor with its subdomains, for example <c>example.com</c>.
    /// Default: none, the cookie belongs to the host of the request.</summary>
    public string? Domain { get; set; }

    /// <summary>Whether the cookie is marked <c>Secure</c>. Default: when the request came by https. Behind a proxy,
    /// let the forwarded-headers middleware run first.</summary>
    public bool? Secure { get; set; }

    /// <summary>Whether the browser's cookie tells who the visitor is. Default true; false where the application
    /// always passes the code itself.</summary>
    public bool Read { get; set; } = true;

    /// <summary>Whether the cookie is set only by responses for which a flag was decided or the code asked for, so that
    /// all others stay as they are. Default false.</summary>
    public bool OnlyOnDecision { get; set; }

    /// <summary>The origins of pages on other hosts of <see cref="Domain"/> whose scripts may call the endpoint of
    /// <c>MapKameleoonSync</c>, for example <c>https://www.example.com</c>. Default none.</summary>
    public IList<string> SyncOrigins { get; } = [];
}
