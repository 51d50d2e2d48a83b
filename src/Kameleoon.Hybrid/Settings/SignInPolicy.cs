namespace Kameleoon.Hybrid.Settings;

/// <summary>What becomes of a browser's visitor code when its user is signed in.</summary>
public enum SignInPolicy
{
    /// <summary>A user without a code gets the browser's. A known user's code replaces the browser's, in the cookie and
    /// in the engine, with the next page.</summary>
    AdoptLinked,

    /// <summary>A user without a code gets the browser's. A known user's browser keeps its own, which stands in the
    /// history; a browser without a code gets the user's.</summary>
    KeepBrowser,

    /// <summary>Links are written, for the endpoints and the platform; pages never change their code, unless it is
    /// another person's.</summary>
    LinkOnly,
}
