using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>What was said about a visitor in this session. Immutable: a change makes another one.</summary>
/// <remarks>Assignments are not in it: they are saved at nearly every page, the rest is said once or never.</remarks>
internal sealed record VisitorSnapshot
{
    /// <summary>Nothing was said; shared by all visitors of whom that holds.</summary>
    internal static readonly VisitorSnapshot Empty = new();

    /// <summary>A number that no other snapshot of the process has; 0 where nothing was said.</summary>
    internal long Version { get; init; }

    internal Consent Consent { get; init; }

    internal string? MappingIdentifier { get; init; }

    internal SmallMap<long, ForcedVariation> Forced { get; init; }

    internal SmallMap<int, IReadOnlyList<string>> CustomData { get; init; }

    /// <summary>The goals reached, and when last.</summary>
    internal SmallMap<long, DateTimeOffset> Goals { get; init; }

    internal VisitorPage? LatestPage { get; init; }

    /// <summary>The page before the latest, of another address.</summary>
    internal VisitorPage? PreviousPage { get; init; }

    internal long PageViews { get; init; }

    internal VisitorBrowser? Browser { get; init; }

    internal DeviceType? Device { get; init; }

    internal OperatingSystemType? OperatingSystem { get; init; }

    internal UserAgentReading? UserAgent { get; init; }

    internal VisitorLocation? Location { get; init; }

    internal IReadOnlyList<KeyValuePair<string, string>>? Cookies { get; init; }

    internal string? ApplicationVersion { get; init; }
}
