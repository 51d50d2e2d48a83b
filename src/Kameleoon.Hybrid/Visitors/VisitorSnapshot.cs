using System.Collections.Immutable;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>What was said about a visitor in this session. Immutable: a change makes another one.</summary>
/// <remarks>Assignments are not in it: they are saved at nearly every page, the rest is said once or never.</remarks>
internal sealed record VisitorSnapshot
{
    /// <summary>Nothing was said; shared by all visitors of whom that holds.</summary>
    internal static readonly VisitorSnapshot Empty = new();

    /// <summary>Where consent is required, most visitors said this and nothing else.</summary>
    private static readonly VisitorSnapshot Given = new() { Version = 1, Consent = Consent.Given };

    private static readonly VisitorSnapshot Refused = new() { Version = LastShared, Consent = Consent.Refused };

    /// <summary>The highest version of the snapshots that visitors share.</summary>
    internal const long LastShared = 2;

    private const int MaxHeld = 100;

    /// <summary>A number that no snapshot with other content has in this process; 0 where nothing was said.</summary>
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

    /// <summary>What is reported only if the visitor consents.</summary>
    internal ImmutableArray<TrackingEvent> Held { get; init; } = [];

    internal bool CanHold => Consent == Consent.Unknown && Held.Length < MaxHeld;

    internal VisitorSnapshot With(Consent answer) =>
        answer == Consent ? this
        : ReferenceEquals(this, Empty) || ReferenceEquals(this, Given) || ReferenceEquals(this, Refused)
            ? answer switch { Consent.Given => Given, Consent.Refused => Refused, _ => Empty }
        : this with { Consent = answer, Held = [] };

    internal VisitorSnapshot Holding(in TrackingEvent added) =>
        CanHold ? this with { Held = Held.Add(added) } : this;
}
