using System.Collections.Immutable;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>What was said about a visitor in this session. Immutable: a change makes another one.</summary>
/// <remarks>Assignments are not in it: they are saved at nearly every page, the rest is said once or never.</remarks>
internal sealed record VisitorSnapshot
{
    /// <summary>Nothing was said; shared by all visitors of whom that holds.</summary>
    internal static readonly VisitorSnapshot Empty = new();

    /// <summary>In the place of what was known of a visitor who is forgotten.</summary>
    internal static readonly VisitorSnapshot Ended = new();

    /// <summary>Where consent is required, most visitors said this and nothing else.</summary>
    private static readonly VisitorSnapshot Given = new() { Version = 1, Consent = Consent.Given };

    private static readonly VisitorSnapshot Refused = new() { Version = LastShared, Consent = Consent.Refused };

    /// <summary>The highest version of the snapshots that visitors share.</summary>
    internal const long LastShared = 2;

    private const int MaxHeld = 100;
    private const int MaxGoals = 500;
    private const int MaxCarried = 100;
    private const int MaxConversions = 100;

    /// <summary>A number that no snapshot with other content has in this process; 0 where nothing was said.</summary>
    internal long Version { get; init; }

    /// <summary>About how many bytes of memory it takes; 0 for those that visitors share.</summary>
    internal int Size { get; init; }

    internal Consent Consent { get; init; }

    internal string? MappingIdentifier { get; init; }

    /// <summary>What tells the platform who the person is, or null.</summary>
    internal MappingLine? Mapping { get; init; }

    internal SmallMap<long, ForcedVariation> Forced { get; init; }

    internal SmallMap<int, IReadOnlyList<string>> CustomData { get; init; }

    /// <summary>The goals reached, and when last.</summary>
    internal SmallMap<long, DateTimeOffset> Goals { get; init; }

    /// <summary>The conversions with an id that were reported in this session, the latest last.</summary>
    internal ImmutableArray<ConversionKey> Conversions { get; init; } = [];

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

    /// <summary>What the platform told of earlier visits, if it was asked.</summary>
    internal VisitorPast Past { get; init; } = VisitorPast.None;

    /// <summary>What is reported when the visitor does something that is tracked, and consents where that is required.
    /// </summary>
    internal ImmutableArray<TrackingEvent> Held { get; init; } = [];

    /// <summary>The exposures of redirects that wait for the visitor's next page.</summary>
    internal ImmutableArray<CarriedExposure> Carried { get; init; } = [];

    /// <summary>Whether the platform has to hear something at the visitor's next tracked deed.</summary>
    internal bool HasNews => Held.Length > 0 || Mapping is not null;

    /// <summary>Keeps when a goal was reached. Requests may name any; more than no condition asks about are not kept.
    /// </summary>
    internal VisitorSnapshot Reaching(long goalId, DateTimeOffset time) =>
        Goals.Entries.Length < MaxGoals || Goals.Find(goalId) != default
            ? this with { Goals = Goals.With(goalId, time) }
            : this;

    /// <summary>Keeps that a conversion was reported. Of too many, the oldest are forgotten.</summary>
    internal VisitorSnapshot Converting(ConversionKey key) => Conversions.Contains(key)
        ? this
        : this with { Conversions = (Conversions.Length < MaxConversions ? Conversions : Conversions.RemoveAt(0)).Add(key) };

    internal bool CanHold(in TrackingEvent added) =>
        Consent != Consent.Refused && (Held.Length < MaxHeld || PlaceOfReplaced(added) >= 0);

    /// <param name="answer">The visitor's answer.</param>
    /// <param name="holdsOn">Whether what waits goes on waiting.</param>
    internal VisitorSnapshot With(Consent answer, bool holdsOn) =>
        answer == Consent ? this
        : ReferenceEquals(this, Empty) || ReferenceEquals(this, Given) || ReferenceEquals(this, Refused)
            ? answer switch { Consent.Given => Given, Consent.Refused => Refused, _ => Empty }
        : this with { Consent = answer, Held = holdsOn ? Held : [] };

    /// <summary>What was said under another code of the same person, where nothing else was said under this one.</summary>
    /// <param name="other">What is known of the other code.</param>
    /// <param name="except">The index of custom data that stays with its code.</param>
    internal VisitorSnapshot Inheriting(VisitorSnapshot other, int? except)
    {
        var (data, forced) = (CustomData, Forced);
        foreach (var (index, values) in other.CustomData.Entries)
        {
            data = index == except || data.Find(index) is not null ? data : data.With(index, values);
        }

        foreach (var (experiment, variation) in other.Forced.Entries)
        {
            forced = forced.Find(experiment) is not null ? forced : forced.With(experiment, variation);
        }

        return data.IsSameAs(CustomData) && forced.IsSameAs(Forced) ? this : this with { CustomData = data, Forced = forced };
    }

    /// <summary>Holds an event if it can, in place of an earlier one that it makes pointless.</summary>
    internal VisitorSnapshot Holding(in TrackingEvent added)
    {
        if (!CanHold(added))
        {
            return this;
        }

        var place = PlaceOfReplaced(added);
        return this with { Held = (place < 0 ? Held : Held.RemoveAt(place)).Add(added) };
    }

    /// <summary>Whether an exposure can wait for the next page: there is room, and none like it waits.</summary>
    internal bool CanCarry(in Exposure added) => Carried.Length < MaxCarried && !IsCarried(added);

    /// <summary>Whether an exposure waits for the next page.</summary>
    internal bool IsCarried(in Exposure exposure)
    {
        foreach (var carried in Carried)
        {
            if (!carried.IsTaken && carried.Exposure == exposure)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes what is carried, to report it with what is held.</summary>
    internal VisitorSnapshot TakeCarried() => Carried.IsEmpty
        ? this
        : this with
        {
            Carried = [],
            Held = Held.AddRange(Carried.Where(static carried => carried.TryTake()).Select(static carried => carried.ToEvent())),
        };

    private int PlaceOfReplaced(in TrackingEvent added)
    {
        for (var i = 0; i < Held.Length && added.Data is { } data; i++)
        {
            if (Held[i].Data is { } earlier && data.Replaces(earlier))
            {
                return i;
            }
        }

        return -1;
    }
}
