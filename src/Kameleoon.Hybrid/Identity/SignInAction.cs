namespace Kameleoon.Hybrid;

/// <summary>What happens to the visitor code of a signed-in user's request.</summary>
internal enum SignInAction
{
    /// <summary>The request keeps the browser's code.</summary>
    KeepBrowserCode,

    /// <summary>The browser's code is the user's own: the request keeps it, and it counts as linked.</summary>
    UseAsUserCode,

    /// <summary>The user's code replaces the browser's.</summary>
    AdoptUserCode,

    /// <summary>The user's code replaces the browser's if consent was given under the user's code in this session.
    /// Otherwise a new visitor starts.</summary>
    AdoptIfConsented,

    /// <summary>The request gets a new code without consent, because the browser's belongs to another user.</summary>
    StartNewVisitor,

    /// <summary>The store is asked which user has the browser's code. Then the table is read again.</summary>
    AskOwner,

    /// <summary>The browser's code is linked to the user. Then the table is read again.</summary>
    LinkBrowserCode,

    /// <summary>A new code is linked to the user. Then the table is read again.</summary>
    LinkNewCode,
}
