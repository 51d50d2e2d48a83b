namespace Kameleoon.Hybrid;

/// <summary>A place the data file comes from.</summary>
internal interface IDataFileSource
{
    /// <summary>Whether it may be out of reach, so that a copy of what it said last is worth keeping.</summary>
    bool IsRemote { get; }

    /// <summary>Reads the data file.</summary>
    /// <param name="request">Who asks, and for what.</param>
    /// <param name="known">What is in force, if anything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <remarks>Throws whatever went wrong; the caller counts and logs it.</remarks>
    Task<FetchedDataFile> FetchAsync(
        RefreshRequest request, ConfigurationSnapshot? known, CancellationToken cancellationToken);

    /// <summary>Asks for a refresh whenever there may be news between two polls. Ends only when cancelled.</summary>
    Task WatchAsync(RefreshSignal signal, CancellationToken cancellationToken);
}

/// <summary>A document as it came, before anybody looked into it.</summary>
/// <param name="Source">Where it came from.</param>
/// <param name="Json">The document, or null when what is known is the current one still.</param>
/// <param name="LastModified">The time to ask with the next time, byte for byte.</param>
internal sealed record FetchedDataFile(
    DataFileSource Source, ReadOnlyMemory<byte>? Json, string? LastModified = null);

/// <summary>Why the data file is read.</summary>
/// <param name="IsAnnounced">Whether somebody said that there may be news, instead of the interval being over.</param>
/// <param name="Timestamp">When the announced version was published, in milliseconds since 1970.</param>
/// <param name="IsOnlyAttempt">Whether one try is enough, because the next one is planned.</param>
internal readonly record struct RefreshRequest(
    bool IsAnnounced = false, long? Timestamp = null, bool IsOnlyAttempt = false);
