namespace Kameleoon.Hybrid;

/// <summary>Finds, links, exports and deletes the visitor codes of users.</summary>
/// <remarks>A singleton, safe for concurrent use. A user id is the application's own: 1 to 1,000 characters, at most 2,000
/// bytes in UTF-8, without control characters. Every member throws <see cref="VisitorLinksUnavailableException"/> while the
/// store is unavailable, and <see cref="ArgumentException"/> for an invalid user id or visitor code.</remarks>
public interface IKameleoonIdentity
{
    /// <summary>Returns a user's visitor code, or null when the user has none. Cached for
    /// <see cref="KameleoonIdentityOptions.CacheDuration"/>.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<string?> FindVisitorCodeAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>Returns a user's visitor code. Generates and links one when the user has none.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<string> GetVisitorCodeAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>Links a visitor code to a user, unless the user has one or the code belongs to another user. Reports to the
    /// platform that both are one person. Call it only for users who gave consent.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="visitorCode">The code of a browser or app of this user: 1 to 100 visible ASCII characters that are valid
    /// in a cookie.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<VisitorLinkResult> LinkAsync(
        string userId, string visitorCode, CancellationToken cancellationToken = default);

    /// <summary>Returns all visitor codes of a user, the user's own code first. Use it to answer a request for access to
    /// personal data; the events of a code are on the platform.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<IReadOnlyList<VisitorLink>> ExportAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>Deletes everything about a user from the store, in one transaction, and from this process's memory. Call it
    /// again if it throws.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The deleted visitor codes. Delete them on the platform too.</returns>
    /// <remarks>Other servers may keep the link in memory for <see cref="KameleoonIdentityOptions.CacheDuration"/>, and the
    /// visitor for <see cref="KameleoonOptions.SessionDuration"/>. Events that are queued are still sent. Sign the user out
    /// first: a signed-in browser that still has its cookie is linked again.</remarks>
    ValueTask<IReadOnlyList<string>> ForgetAsync(string userId, CancellationToken cancellationToken = default);
}

/// <summary>Thrown while the store of visitor links is unavailable.</summary>
public sealed class VisitorLinksUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public VisitorLinksUnavailableException()
        : this("The store of visitor links cannot be reached.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong.</param>
    public VisitorLinksUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The exception of the store.</param>
    public VisitorLinksUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
