namespace Kameleoon.Hybrid.Stores;

/// <summary>Stores consent, custom data, forced variations and what is reported once for visitors, where all servers of a farm
/// read it.</summary>
/// <remarks>Requests read, and one background task of each server reads and writes. A call that throws loses nothing: pages
/// use what their server knows, and changes are written later. Implementations are safe for concurrent use.</remarks>
public interface IVisitorSessionStore
{
    /// <summary>Returns all entries of a visitor whose session has not expired.</summary>
    /// <param name="visitorCode">The visitor code.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<IReadOnlyList<VisitorSessionEntry>> FindAsync(string visitorCode, CancellationToken cancellationToken);

    /// <summary>Writes entries in one transaction. Each replaces the entry of the same visitor and name.</summary>
    /// <param name="entries">Up to 100, no two of the same visitor and name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask SaveAsync(IReadOnlyList<VisitorSessionEntry> entries, CancellationToken cancellationToken);

    /// <summary>Prolongs the sessions of visitors. A session that has expired stays expired.</summary>
    /// <param name="visitorCodes">Up to 100 visitor codes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask ProlongAsync(IReadOnlyList<string> visitorCodes, CancellationToken cancellationToken);

    /// <summary>Returns a page of what other servers wrote lately, the oldest first. Pages are small enough to be read before
    /// the deadline.</summary>
    /// <param name="within">The age of the oldest entry to return.</param>
    /// <param name="after"><see cref="VisitorSessionChanges.Next"/> of the page before, or null for the first page.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<VisitorSessionChanges> ReadChangesAsync(TimeSpan within, string? after, CancellationToken cancellationToken);

    /// <summary>Deletes sessions that were not prolonged for 1.25 times <see cref="KameleoonOptions.SessionDuration"/>.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask DeleteExpiredAsync(CancellationToken cancellationToken);
}

/// <summary>One datum about a visitor. Immutable.</summary>
/// <param name="VisitorCode">The visitor code.</param>
/// <param name="Name">The name of the datum, up to 30 ASCII characters.</param>
/// <param name="Values">Its values; empty when it was withdrawn.</param>
public sealed record VisitorSessionEntry(string VisitorCode, string Name, IReadOnlyList<string> Values)
{
    /// <summary>In what <see cref="IVisitorSessionStore.FindAsync"/> returns, how long ago it was written by the store's clock. Null
    /// where the store does not tell; the clocks of the servers have to agree then.</summary>
    public TimeSpan? Age { get; init; }
}

/// <summary>A page of what other servers wrote.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">The position after this page, or null after the last page. Only the store interprets it.</param>
public sealed record VisitorSessionChanges(IReadOnlyList<VisitorSessionEntry> Entries, string? Next);
