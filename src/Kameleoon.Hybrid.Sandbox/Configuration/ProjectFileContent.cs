using System.Text.Json.Serialization;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The state of the project file when it was last read, and the project that is in force.</summary>
/// <param name="State">How the file is.</param>
/// <param name="LastModified">A whole second that differs from that of every earlier content.</param>
/// <param name="Mistakes">What is wrong with the file, or nothing.</param>
/// <param name="Project">The last good project, or null when there never was one.</param>
internal sealed record ProjectFileContent(
    ProjectFileState State, DateTimeOffset LastModified, IReadOnlyList<Mistake> Mistakes, CompiledProject? Project)
{
    internal static ProjectFileContent None { get; } = new(ProjectFileState.Missing, DateTimeOffset.MinValue, [], null);

    /// <summary>The project clients get: a missing or unreadable file serves nothing, one with mistakes the last good.
    /// </summary>
    internal CompiledProject? ServedProject => State is ProjectFileState.Ready or ProjectFileState.Broken ? Project : null;

    internal ExperimentCatalog Catalog => Project?.Catalog ?? ExperimentCatalog.Empty;

    internal string? Problem => Mistakes is [var first, ..] ? first.Sentence : null;
}

/// <summary>Whether the project file can be used.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProjectFileState>))]
internal enum ProjectFileState
{
    /// <summary>It is in force.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>There is no such file.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,

    /// <summary>The file is there but the system does not let the sandbox read it.</summary>
    [JsonStringEnumMemberName("unreadable")]
    Unreadable,

    /// <summary>The file has mistakes; the last good one stays in force.</summary>
    [JsonStringEnumMemberName("broken")]
    Broken,
}
