namespace Kameleoon.Hybrid;

/// <summary>What the server did about two different visitor codes.</summary>
internal enum IdentityRepair
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The page passes the server's code to the engine.</summary>
    Pushed,

    /// <summary>The server wrote the engine's code into the cookie.</summary>
    Adopted,
}
