namespace Kameleoon.Hybrid.Stores;

/// <summary>A copy of a data file that servers share.</summary>
/// <param name="Version">The version, as in <see cref="IKameleoonConfiguration.Version"/>.</param>
/// <param name="Content">The data file as the library packed it: about a tenth of the document's size. Null where the copy is
/// known.</param>
/// <param name="LastModified">The platform's stamp of this version, or null.</param>
/// <param name="ModifiedAt">When it was changed on the platform, or null when the data file does not tell.</param>
/// <param name="ConfirmedAt">When the platform last said that it is the current data file.</param>
public sealed record KeptDataFile(
    string Version,
    ReadOnlyMemory<byte>? Content,
    string? LastModified,
    DateTimeOffset? ModifiedAt,
    DateTimeOffset ConfirmedAt);
