using System.Text.Json.Serialization;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>What the data file was at one reading.</summary>
/// <param name="State">Whether clients can use it.</param>
/// <param name="Bytes">The file as it stands on disk, or null when it could not be read.</param>
/// <param name="LastModified">A whole second that differs from that of every earlier content.</param>
/// <param name="Problem">One sentence for the developer, or null when all is well.</param>
/// <param name="Warnings">What the file contains that has no effect.</param>
/// <param name="Catalog">The experiments of this file, or of the last one that could be read.</param>
/// <param name="Data">The file compiled, or null when it is no data file.</param>
internal sealed record DataFileContent(
    DataFileState State,
    byte[]? Bytes,
    DateTimeOffset LastModified,
    string? Problem,
    IReadOnlyList<string> Warnings,
    ExperimentCatalog Catalog,
    DataFile? Data = null)
{
    internal static DataFileContent None { get; } =
        new(DataFileState.Missing, null, DateTimeOffset.MinValue, null, [], ExperimentCatalog.Empty);
}

/// <summary>Whether clients can use the data file.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DataFileState>))]
internal enum DataFileState
{
    /// <summary>It is a data file.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>There is no such file.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,

    /// <summary>The file is there but the system does not let the sandbox read it.</summary>
    [JsonStringEnumMemberName("unreadable")]
    Unreadable,

    /// <summary>The file is no data file; it is served nevertheless.</summary>
    [JsonStringEnumMemberName("broken")]
    Broken,
}
