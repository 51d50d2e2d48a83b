namespace Kameleoon.Hybrid;

/// <summary>A place the data file comes from.</summary>
internal interface IDataFileSource
{
    /// <summary>Whether the source may be unreachable, so that a last good copy is kept.</summary>
    bool IsRemote { get; }

    /// <summary>Reads the data file.</summary>
    /// <param name="request">Why the data file is read.</param>
    /// <param name="known">The snapshot in force, or null.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <remarks>Throws on any failure; the caller counts and logs it.</remarks>
    Task<FetchedDataFile> FetchAsync(
        RefreshRequest request, ConfigurationSnapshot? known, CancellationToken cancellationToken);

    /// <summary>Requests a refresh when the data file may have changed between two polls. Completes only when
    /// cancelled.</summary>
    Task WatchAsync(RefreshSignal signal, CancellationToken cancellationToken);
}

/// <summary>A document as it was read, not validated yet.</summary>
/// <param name="Source">Where it came from.</param>
/// <param name="Json">The document, or null when the known one is still current.</param>
/// <param name="LastModified">The value for the next <c>If-Modified-Since</c>, byte for byte.</param>
internal sealed record FetchedDataFile(
    DataFileSource Source, ReadOnlyMemory<byte>? Json, string? LastModified = null);

/// <summary>Why the data file is read.</summary>
/// <param name="IsAnnounced">True after an announcement, false after the refresh interval.</param>
/// <param name="Timestamp">When the announced version was published, in milliseconds since 1970.</param>
/// <param name="IsOnlyAttempt">Whether to skip retries, because the next refresh is scheduled soon.</param>
internal readonly record struct RefreshRequest(
    bool IsAnnounced = false, long? Timestamp = null, bool IsOnlyAttempt = false);
