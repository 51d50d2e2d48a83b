namespace Kameleoon.Hybrid;

/// <summary>One visitor code a person: finds, links, exports and forgets it.</summary>
/// <remarks>A singleton, safe for concurrent use. Takes user ids as the application knows them, 1 to 1,000 characters,
/// at most 2,000 bytes in UTF-8, without control characters. Every member throws
/// <see cref="VisitorLinksUnavailableException"/> while the store cannot be reached, and <see cref="ArgumentException"/>
/// for what is no user id or no visitor code.</remarks>
public interface IKameleoonIdentity
{
    /// <summary>Finds a person's visitor code, or null when there is none yet. Remembered for
    /// <see cref="KameleoonIdentityOptions.CacheDuration"/>.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<string?> FindVisitorCodeAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>Gives a person's visitor code, a new one if there is none yet.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<string> GetVisitorCodeAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>Makes a code a person's, unless the person has one or the code is somebody else's. The platform is told
    /// that both are one person. Ask it for people who agreed only.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="visitorCode">A code that a browser or application of this person has: 1 to 100 visible ASCII
    /// characters that a cookie can carry.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<VisitorLinkResult> LinkAsync(
        string userId, string visitorCode, CancellationToken cancellationToken = default);

    /// <summary>The codes of a person, their own first; for a person who asks. What is known under a code the platform
    /// has.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IReadOnlyList<VisitorLink>> ExportAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>Deletes everything that is kept of a person in the database, all or nothing, and in this process's memory.
    /// Ask again if it throws.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The codes that were the person's. Have the platform forget them too.</returns>
    /// <remarks>Other servers may remember the link for <see cref="KameleoonIdentityOptions.CacheDuration"/>, and the
    /// visitor for <see cref="KameleoonOptions.SessionDuration"/>. Events that wait to be sent are sent, the platform being
    /// where they are forgotten. Sign the person out first: a signed-in browser that still has its cookie is linked anew.
    /// </remarks>
    ValueTask<IReadOnlyList<string>> ForgetAsync(string userId, CancellationToken cancellationToken = default);
}

/// <summary>The store of visitor links cannot be reached.</summary>
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
    /// <param name="innerException">What the store said.</param>
    public VisitorLinksUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
