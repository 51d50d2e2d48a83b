using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Listeners;

/// <summary>A data file came into force, the first one included.</summary>
public sealed record ConfigurationEvent : KameleoonEvent
{
    /// <summary>The data file in force.</summary>
    public required DataFile DataFile { get; init; }

    /// <summary>Its version: the first 16 hexadecimal digits of the content's SHA-256.</summary>
    public required string Version { get; init; }

    /// <summary>The keys of flags that are new; all of them with the first data file.</summary>
    public required IReadOnlyList<string> Added { get; init; }

    /// <summary>The keys of flags that are gone.</summary>
    public required IReadOnlyList<string> Removed { get; init; }

    /// <summary>The keys of flags that are written differently, or that use a segment which is.</summary>
    public required IReadOnlyList<string> Modified { get; init; }
}
