namespace Kameleoon.Hybrid.Stores;

/// <summary>Keeps the last good data file where all servers of a farm read it, so that a server without a disk of its own starts
/// during an outage of the platform.</summary>
/// <remarks>A singleton, which the application registers. Each server also keeps a copy on its disk, if it can. Calls may throw
/// any exception, and are cancelled after two seconds, a write after 30: a server goes on without the copy. Where one server shall
/// fetch the data file for all, the same class implements <see cref="IDataFileLease"/>.</remarks>
public interface ILastGoodCopy
{
    /// <summary>Returns the copy, or null where there is none.</summary>
    /// <param name="key">The data file.</param>
    /// <param name="knownVersion">The version that the caller has, or null. A copy of this version may be returned without
    /// <see cref="KeptDataFile.Content"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<KeptDataFile?> ReadAsync(DataFileKey key, string? knownVersion, CancellationToken cancellationToken);

    /// <summary>Replaces the copy as a whole, unless the stored one is newer: it has a later
    /// <see cref="KeptDataFile.ModifiedAt"/>, or where one of the two has none, a later <see cref="KeptDataFile.ConfirmedAt"/>.
    /// </summary>
    /// <param name="key">The data file.</param>
    /// <param name="dataFile">The copy, with its content.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was stored.</returns>
    Task<bool> WriteAsync(DataFileKey key, KeptDataFile dataFile, CancellationToken cancellationToken);

    /// <summary>Notes that the stored copy is still the current data file.</summary>
    /// <param name="key">The data file.</param>
    /// <param name="dataFile">The copy, without its content. Its stamp and its time replace those stored.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether a copy of this version is stored.</returns>
    Task<bool> ConfirmAsync(DataFileKey key, KeptDataFile dataFile, CancellationToken cancellationToken);
}
