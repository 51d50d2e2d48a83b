namespace Kameleoon.Hybrid.Stores;

/// <summary>A data file as it was read, not validated yet.</summary>
/// <param name="Source">Where it came from.</param>
/// <param name="Json">The document, or null when the data file in force is still current.</param>
/// <param name="LastModified">The source's stamp of this version, for the next <see cref="DataFileRequest.LastModified"/>.
/// </param>
public sealed record FetchedDataFile(DataFileSource Source, ReadOnlyMemory<byte>? Json, string? LastModified = null)
{
    /// <summary>When the platform last said that this is the current data file. Null: now.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>The document as it was read already, or null.</summary>
    internal ConfigurationSnapshot? Parsed { get; init; }
}
