namespace Kameleoon.Hybrid;

/// <summary>What a server found in the store that it shares with others.</summary>
/// <param name="State">What became of the read.</param>
/// <param name="Snapshot">The copy, where it is found or unchanged.</param>
/// <param name="Json">Its document, where it is found.</param>
/// <param name="ConfirmedAt">When the platform last said that it is the current data file.</param>
internal sealed record FarmReading(
    FarmReadingState State,
    ConfigurationSnapshot? Snapshot = null,
    ReadOnlyMemory<byte>? Json = null,
    DateTimeOffset ConfirmedAt = default);

/// <summary>What became of reading the copy that servers share.</summary>
internal enum FarmReadingState
{
    /// <summary>The store did not answer.</summary>
    Unavailable,

    /// <summary>There is no copy.</summary>
    Missing,

    /// <summary>The copy is damaged, of another data file, or cannot be read by this version of the library.</summary>
    Unusable,

    /// <summary>The copy is the data file in force.</summary>
    Unchanged,

    /// <summary>The copy is another data file.</summary>
    Found,
}
