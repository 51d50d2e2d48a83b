namespace Kameleoon.Hybrid;

/// <summary>Why the engine of a page uses another visitor code than the server.</summary>
internal enum IdentityCause
{
    /// <summary>The browser did not keep the server's cookie, so the engine generated a code.</summary>
    CookieLost,

    /// <summary>The engine took the code of its local storage, or of the frame of unified storage.</summary>
    LocalStorage,

    /// <summary>The code changed because a user signed in or out.</summary>
    SignIn,

    /// <summary>The visitor has not consented, so the server may set no cookie.</summary>
    Consent,

    /// <summary>The browser has two cookies with different codes.</summary>
    TwoCookies,

    /// <summary>The browser sends the cookie, but scripts cannot read it.</summary>
    HiddenCookie,

    /// <summary>The page was made for another visitor, or before the visitor's code changed, or the cookie is another visitor's: a
    /// cache replayed it.</summary>
    Replayed,

    /// <summary>None of the others.</summary>
    Unknown,
}
