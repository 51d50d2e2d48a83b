namespace Kameleoon.Hybrid.Settings;

/// <summary>What happens when the engine of a page uses another visitor code than the server.</summary>
public enum IdentityHealing
{
    /// <summary>The page passes the server's code to the engine, and reports its exposures again under that code.</summary>
    PushServerCode,

    /// <summary>The server writes the engine's code into the cookie. Where that code belongs to a user, a user is signed in, or
    /// scripts cannot read the cookie, the page passes the server's code to the engine instead.</summary>
    AdoptEngineCode,

    /// <summary>Differences are only counted.</summary>
    None,
}
