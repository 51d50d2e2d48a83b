namespace Kameleoon.Hybrid;

/// <summary>Keeps what the application said of visitors where all servers of a farm find it: consent, custom data, forced
/// variations.</summary>
/// <remarks>Calls that read are made by requests, those that write by one background task of each server. A call that
/// throws loses nothing: pages go on with what their server knows, and what is to be written is written later.</remarks>
public interface IVisitorSessionStore
{
    /// <summary>Reads everything that is kept of a visitor whose session is not over.</summary>
    /// <param name="visitorCode">The visitor code.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<VisitorSessionEntry>> FindAsync(string visitorCode, CancellationToken cancellationToken);

    /// <summary>Writes entries in place of those of the same visitor and name, all or none.</summary>
    /// <param name="entries">Up to 100, no two of the same visitor and name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask SaveAsync(IReadOnlyList<VisitorSessionEntry> entries, CancellationToken cancellationToken);

    /// <summary>Notes that the sessions of visitors go on; what is over stays over.</summary>
    /// <param name="visitorCodes">Up to 100 visitor codes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask ProlongAsync(IReadOnlyList<string> visitorCodes, CancellationToken cancellationToken);

    /// <summary>Reads what other servers wrote lately, the oldest first, in pages that are small enough for the deadline.
    /// </summary>
    /// <param name="within">How lately.</param>
    /// <param name="after">Where the page before ended, or null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<VisitorSessionChanges> ReadChangesAsync(TimeSpan within, string? after, CancellationToken cancellationToken);

    /// <summary>Deletes sessions that nobody prolonged for 1.25 times <see cref="KameleoonOptions.SessionDuration"/>.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask DeleteExpiredAsync(CancellationToken cancellationToken);
}

/// <summary>One thing that was said of a visitor. Immutable.</summary>
/// <param name="VisitorCode">The visitor code.</param>
/// <param name="Name">What it is about, up to 30 ASCII characters.</param>
/// <param name="Values">What was said; nothing for what was withdrawn.</param>
public sealed record VisitorSessionEntry(string VisitorCode, string Name, IReadOnlyList<string> Values);

/// <summary>A page of what other servers wrote.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">Where it ended, if more may follow; null after the last page. Only the store knows what it means.
/// </param>
public sealed record VisitorSessionChanges(IReadOnlyList<VisitorSessionEntry> Entries, string? Next);
