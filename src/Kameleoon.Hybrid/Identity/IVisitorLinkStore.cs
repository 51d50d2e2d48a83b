namespace Kameleoon.Hybrid.Stores;

/// <summary>Stores the links between users and visitor codes, durably and for all servers of a farm.</summary>
/// <remarks>
/// <c>Kameleoon.Hybrid.EntityFrameworkCore.Sqlite</c>, <c>….PostgreSql</c> and <c>Kameleoon.Hybrid.Redis</c> implement it.
/// Register a singleton of your own to store links elsewhere. A code belongs to one user for ever, and a user has one code for
/// ever: the first write wins, also when several servers write at once. Implementations are safe for concurrent use and throw
/// when they are unavailable; the page then uses the browser's code. Applications call <see cref="IKameleoonIdentity"/>
/// instead.
/// </remarks>
public interface IVisitorLinkStore
{
    /// <summary>Returns a user's own code, or null.</summary>
    /// <param name="userKey">The user's key: the keyed hash of the user id, or the id itself when plain ids are stored.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<string?> FindAsync(string userKey, CancellationToken cancellationToken);

    /// <summary>Returns the key of the user to whom a code belongs, as own code or as a merged one, or null.</summary>
    /// <param name="visitorCode">The code.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The user's key, as passed to <see cref="LinkAsync"/>.</returns>
    ValueTask<string?> FindOwnerAsync(string visitorCode, CancellationToken cancellationToken);

    /// <summary>Links a code to a user, unless the user has one or the code belongs to another user. The number of codes of
    /// one user is limited.</summary>
    /// <param name="userKey">The user's key.</param>
    /// <param name="visitorCode">The code of a browser or app of this user.</param>
    /// <param name="now">The time of the link, for the history only: the clocks of servers differ.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<VisitorLinkResult> LinkAsync(
        string userKey, string visitorCode, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Returns the codes of a user, the own code first; empty for an unknown user.</summary>
    /// <param name="userKey">The user's key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<IReadOnlyList<VisitorLink>> ExportAsync(string userKey, CancellationToken cancellationToken);

    /// <summary>Deletes everything about a user in one transaction.</summary>
    /// <param name="userKey">The user's key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The deleted codes, which may have to be deleted on the platform too.</returns>
    ValueTask<IReadOnlyList<string>> ForgetAsync(string userKey, CancellationToken cancellationToken);
}

/// <summary>A visitor code of a user.</summary>
/// <param name="VisitorCode">The code.</param>
/// <param name="LinkedAt">The time of the link, by the clock of the server that wrote it.</param>
/// <param name="MergedInto">The user's own code when this code came later, from another browser; null for the own code.
/// </param>
public sealed record VisitorLink(string VisitorCode, DateTimeOffset LinkedAt, string? MergedInto);

/// <summary>The result of linking a code to a user.</summary>
/// <param name="VisitorCode">The user's own code now; null only when the user has none and the code belongs to another
/// user.</param>
/// <param name="Outcome">What happened to the code.</param>
public readonly record struct VisitorLinkResult(string? VisitorCode, VisitorLinkOutcome Outcome);

/// <summary>What happened to a code that should be linked to a user.</summary>
public enum VisitorLinkOutcome
{
    /// <summary>The code is the user's own code from now on.</summary>
    Linked,

    /// <summary>The code belonged to the user already, as own code or as a merged one.</summary>
    Known,

    /// <summary>The user has another own code; this code is stored as merged into it.</summary>
    Merged,

    /// <summary>The code belongs to another user, or the user has the maximum number of codes. Nothing changed.</summary>
    Foreign,
}
