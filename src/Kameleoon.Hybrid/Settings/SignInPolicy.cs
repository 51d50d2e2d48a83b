namespace Kameleoon.Hybrid.Settings;

/// <summary>Which visitor code a browser has after its user signs in.</summary>
public enum SignInPolicy
{
    /// <summary>A user without a code gets the browser's. A known user's code replaces the browser's, in the cookie and
    /// in the engine, with the next page.</summary>
    AdoptLinked,

    /// <summary>A user without a code gets the browser's. A known user's browser keeps its own code, which its history
    /// belongs to; a browser without a code gets the user's.</summary>
    KeepBrowser,

    /// <summary>Links are stored for the endpoints and the platform. The browser's code is never replaced, unless it
    /// belongs to another person.</summary>
    LinkOnly,
}
