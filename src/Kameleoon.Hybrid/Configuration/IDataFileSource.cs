namespace Kameleoon.Hybrid.Stores;

/// <summary>A place the data file comes from: the platform, unless the application names another by <c>UseDataFile</c>.
/// </summary>
/// <remarks>A singleton. The library calls one method at a time, except that <see cref="WatchAsync"/> runs beside
/// <see cref="FetchAsync"/>.</remarks>
public interface IDataFileSource
{
    /// <summary>Whether the source may be unreachable, so that a last good copy is kept.</summary>
    bool IsRemote { get; }

    /// <summary>Reads the data file.</summary>
    /// <param name="request">What is in force, and why the data file is read.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <remarks>It may throw any exception. The data file in force stays, the log says why, and the read is repeated later.
    /// </remarks>
    Task<FetchedDataFile> FetchAsync(DataFileRequest request, CancellationToken cancellationToken);

    /// <summary>Watches for changes between two reads. Completes when cancelled, or at once where nothing can be watched.
    /// </summary>
    /// <param name="changed">Asks for a read. It takes what <see cref="DataFileRequest.Timestamp"/> shall be, and neither waits
    /// nor throws.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    Task WatchAsync(Action<long?> changed, CancellationToken cancellationToken);
}
