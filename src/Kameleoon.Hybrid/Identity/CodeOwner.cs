namespace Kameleoon.Hybrid;

/// <summary>Which user a browser's visitor code belongs to, as far as the store was asked.</summary>
internal enum CodeOwner
{
    /// <summary>The browser sent no code; the code of the request was just generated.</summary>
    NoCode,

    /// <summary>The store was not asked about the code yet.</summary>
    NotAsked,

    /// <summary>The store knows no user with the code.</summary>
    NoUser,

    /// <summary>The code is longer than the data API accepts, so it cannot belong to a user.</summary>
    TooLong,

    /// <summary>The code is the signed-in user's own.</summary>
    ThisUser,

    /// <summary>The code was merged into the signed-in user's own.</summary>
    ThisUserMerged,

    /// <summary>The code belongs to another user, or the signed-in user has as many codes as a user can have.</summary>
    AnotherUser,
}
