namespace Kameleoon.Hybrid;

/// <summary>A data file on disk, with what is known of it.</summary>
/// <param name="Json">The document, byte for byte.</param>
/// <param name="LastModified">The service's <c>Last-Modified</c> header, byte for byte.</param>
/// <param name="ConfirmedAt">When it was last known to be the current one.</param>
internal sealed record SavedDataFile(ReadOnlyMemory<byte> Json, string? LastModified, DateTimeOffset ConfirmedAt);
