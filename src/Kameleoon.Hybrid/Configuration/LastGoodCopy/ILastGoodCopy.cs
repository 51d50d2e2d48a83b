namespace Kameleoon.Hybrid;

/// <summary>Keeps the last good data file of one project where it outlives the process.</summary>
/// <remarks>Called by one caller at a time. May throw whatever it likes: it is logged, and does no harm.</remarks>
internal interface ILastGoodCopy
{
    /// <summary>Reads what was kept, or null where nothing whole is.</summary>
    Task<KeptDataFile?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a data file instead of the one before, entirely or not at all.</summary>
    Task WriteAsync(KeptDataFile dataFile, CancellationToken cancellationToken);

    /// <summary>Notes that what is kept was still the current one at a time.</summary>
    Task ConfirmAsync(DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>A data file with what has to be known to go on from it.</summary>
/// <param name="Json">The document, byte for byte.</param>
/// <param name="LastModified">The service's <c>Last-Modified</c> header, byte for byte.</param>
/// <param name="ConfirmedAt">When it was last known to be the current one.</param>
internal sealed record KeptDataFile(ReadOnlyMemory<byte> Json, string? LastModified, DateTimeOffset ConfirmedAt);
