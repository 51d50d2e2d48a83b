namespace Kameleoon.Hybrid;

/// <summary>The visitor code of a request, and where it was found.</summary>
/// <param name="Code">The visitor code.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="InCookie">Whether the browser sent this code in its cookie.</param>
/// <param name="HasDuplicateCookie">Whether the browser sent the cookie more than once, with the same code or with others.
/// </param>
/// <param name="Former">The code in the browser's cookie, if the request has a different code now; else null. It belongs to
/// the same person or, if <see cref="ReplacesForeignCode"/>, to another one.</param>
/// <param name="IsCookieWithheld">Whether the browser sent no cookie because another site started the request, so that it may
/// have one.</param>
/// <param name="HasFreshStamp">Whether this server wrote the code into the cookie lately, so that it need not be written
/// again.</param>
internal readonly record struct ResolvedVisitorCode(
    string Code,
    VisitorCodeSource Source,
    bool InCookie,
    bool HasDuplicateCookie = false,
    string? Former = null,
    bool IsCookieWithheld = false,
    bool HasFreshStamp = false)
{
    /// <summary>Whether the code was generated although the browser may have another one in its cookie.</summary>
    internal bool IsStandIn => IsCookieWithheld && Source == VisitorCodeSource.Generated;

    /// <summary>Whether the browser's cookie holds another person's code, which this visitor must not use.</summary>
    internal bool ReplacesForeignCode => Source == VisitorCodeSource.Generated && Former is not null;

    /// <summary>Returns a new code for another person who uses the same browser.</summary>
    internal ResolvedVisitorCode WithNewCode() =>
        this with { Code = VisitorCode.Generate(), Source = VisitorCodeSource.Generated, InCookie = false, Former = Code };
}

/// <summary>Where a visitor code comes from.</summary>
internal enum VisitorCodeSource
{
    /// <summary>The browser's cookie.</summary>
    Cookie,

    /// <summary>The query parameter of the request's address.</summary>
    QueryParameter,

    /// <summary>The link between a signed-in user and a code.</summary>
    Linked,

    /// <summary><see cref="KameleoonOptions.DefaultVisitorCode"/>.</summary>
    Default,

    /// <summary>Generated for this request.</summary>
    Generated,
}
