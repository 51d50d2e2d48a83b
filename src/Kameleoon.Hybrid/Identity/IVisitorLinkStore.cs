namespace Kameleoon.Hybrid.Stores;

/// <summary>Keeps which person has which visitor code, durably and for every server of a farm.</summary>
/// <remarks>
/// <c>Kameleoon.Hybrid.EntityFrameworkCore</c> brings one for SQLite and PostgreSQL; register your own as a singleton to
/// keep links elsewhere. A code belongs to one person for ever, a person has one code for ever: whoever writes first
/// wins, however many servers write at once. Implementations are safe for concurrent use and throw when they cannot
/// answer; pages go on with the browser's code then. Applications ask <see cref="IKameleoonIdentity"/> instead.
/// </remarks>
public interface IVisitorLinkStore
{
    /// <summary>Finds a person's code, or null.</summary>
    /// <param name="userKey">The person: the keyed hash of the user id, or the id itself where plain storage is chosen.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<string?> FindAsync(string userKey, CancellationToken cancellationToken);

    /// <summary>Finds whose a code is, their own or one that was merged, or null for nobody's.</summary>
    /// <param name="visitorCode">The code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The person, as <see cref="LinkAsync"/> was told.</returns>
    ValueTask<string?> FindOwnerAsync(string visitorCode, CancellationToken cancellationToken);

    /// <summary>Makes a code a person's, unless the person has one or the code is somebody else's. A person has a bounded
    /// number of codes.</summary>
    /// <param name="userKey">The person.</param>
    /// <param name="visitorCode">The code that a browser or application of this person has.</param>
    /// <param name="now">When, for the history. It decides nothing: clocks of servers differ.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<VisitorLinkResult> LinkAsync(
        string userKey, string visitorCode, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The codes of a person, their own first; empty for a stranger.</summary>
    /// <param name="userKey">The person.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<VisitorLink>> ExportAsync(string userKey, CancellationToken cancellationToken);

    /// <summary>Deletes everything that is kept of a person, all or nothing.</summary>
    /// <param name="userKey">The person.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The codes that were the person's, which the platform may have to forget too.</returns>
    ValueTask<IReadOnlyList<string>> ForgetAsync(string userKey, CancellationToken cancellationToken);
}

/// <summary>A code of a person.</summary>
/// <param name="VisitorCode">The code.</param>
/// <param name="LinkedAt">When it became the person's, by the clock of the server that wrote it.</param>
/// <param name="MergedInto">The person's own code if this one came later, from another browser; null for the own one.
/// </param>
public sealed record VisitorLink(string VisitorCode, DateTimeOffset LinkedAt, string? MergedInto);

/// <summary>What became of a link.</summary>
/// <param name="VisitorCode">The person's code now; null only when the person has none and the code is another's.</param>
/// <param name="Outcome">What happened to the code that was to be linked.</param>
public readonly record struct VisitorLinkResult(string? VisitorCode, VisitorLinkOutcome Outcome);

/// <summary>What happened to a code that was to be linked.</summary>
public enum VisitorLinkOutcome
{
    /// <summary>It is the person's code from now on.</summary>
    Linked,

    /// <summary>It was the person's code, or merged into it, already.</summary>
    Known,

    /// <summary>The person had another code; it stands in the history as merged into that.</summary>
    Merged,

    /// <summary>It is not the person's: it is another's, or the person has as many as one may have. Nothing changed.
    /// </summary>
    Foreign,
}
