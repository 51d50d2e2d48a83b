namespace Kameleoon.Hybrid.Stores;

/// <summary>Why the data file is read, and which one is in force.</summary>
public sealed record DataFileRequest
{
    /// <summary>True after an announcement, false after the refresh interval.</summary>
    public bool IsAnnounced { get; init; }

    /// <summary>When the announced version was published, in milliseconds since 1970, or null.</summary>
    public long? Timestamp { get; init; }

    /// <summary>The <see cref="IKameleoonConfiguration.Version"/> in force, or null before the first.</summary>
    public string? Version { get; init; }

    /// <summary>The <see cref="FetchedDataFile.LastModified"/> of the data file in force, or null.</summary>
    public string? LastModified { get; init; }

    /// <summary>Whether the application asked for it.</summary>
    internal bool IsDemanded { get; init; }

    /// <summary>Whether to skip retries, because the next refresh is scheduled soon.</summary>
    internal bool IsOnlyAttempt { get; init; }
}
