using System.Collections.Immutable;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The data, consent, goals and waiting events of a visitor in this session. Immutable.</summary>
/// <remarks>Assignments are kept apart in <see cref="VisitorRecord"/>, because they change at nearly every page.</remarks>
internal sealed record VisitorSnapshot
{
    /// <summary>The snapshot without any data. Visitors share it.</summary>
    internal static readonly VisitorSnapshot Empty = new();

    /// <summary>Marks the record of a removed visitor.</summary>
    internal static readonly VisitorSnapshot Ended = new();

    /// <summary>The snapshot with consent and no data. Visitors share it.</summary>
    private static readonly VisitorSnapshot Given = new() { Version = 1, Consent = Consent.Given };

    private static readonly VisitorSnapshot Refused = new() { Version = LastShared, Consent = Consent.Refused };

    /// <summary>The highest version of the snapshots that visitors share.</summary>
    internal const long LastShared = 2;

    private const int MaxHeld = 100;
    private const int MaxGoals = 500;
    private const int MaxCarried = 100;
    private const int MaxConversions = 100;

    /// <summary>A number that is unique to this content in this process; 0 without any data.</summary>
    internal long Version { get; init; }

    /// <summary>The estimated bytes of memory; 0 for shared snapshots.</summary>
    internal int Size { get; init; }

    internal Consent Consent { get; init; }

    internal string? MappingIdentifier { get; init; }

    /// <summary>The mapping identifier to report to the platform, or null.</summary>
    internal MappingLine? Mapping { get; init; }

    internal SmallMap<long, ForcedVariation> Forced { get; init; }

    internal SmallMap<int, IReadOnlyList<string>> CustomData { get; init; }

    /// <summary>The goals reached, with the last time of each.</summary>
    internal SmallMap<long, DateTimeOffset> Goals { get; init; }

    /// <summary>The conversions with an id that were reported in this session, the latest last.</summary>
    internal ImmutableArray<ConversionMark> Conversions { get; init; } = [];

    internal VisitorPage? LatestPage { get; init; }

    /// <summary>The page viewed before the latest page, with another address.</summary>
    internal VisitorPage? PreviousPage { get; init; }

    internal long PageViews { get; init; }

    internal VisitorBrowser? Browser { get; init; }

    internal DeviceType? Device { get; init; }

    internal OperatingSystemType? OperatingSystem { get; init; }

    internal UserAgentReading? UserAgent { get; init; }

    internal VisitorLocation? Location { get; init; }

    internal IReadOnlyList<KeyValuePair<string, string>>? Cookies { get; init; }

    internal string? ApplicationVersion { get; init; }

    /// <summary>The earlier visits from the platform's history, if it was read.</summary>
    internal VisitorPast Past { get; init; } = VisitorPast.None;

    /// <summary>The events that are sent with the visitor's next tracked action, once consent allows it.
    /// </summary>
    internal ImmutableArray<TrackingEvent> Held { get; init; } = [];

    /// <summary>The exposures of redirects that wait for the visitor's next page.</summary>
    internal ImmutableArray<CarriedExposure> Carried { get; init; } = [];

    /// <summary>Whether an event has to be sent with the visitor's next tracked action.</summary>
    internal bool HasWaitingEvents => Held.Length > 0 || Mapping is not null;

    /// <summary>Returns the snapshot with a reached goal. At most 500 goals are kept, because requests may send any id.
    /// </summary>
    internal VisitorSnapshot Reaching(long goalId, DateTimeOffset time) =>
        Goals.Entries.Length < MaxGoals || Goals.Find(goalId) != default
            ? this with { Goals = Goals.With(goalId, time) }
            : this;

    /// <summary>Returns the snapshot with a reported conversion. Beyond the limit the oldest are removed.</summary>
    internal VisitorSnapshot Converting(in ConversionMark added)
    {
        var place = PlaceOf(added.Key);
        return place < 0
            ? this with { Conversions = (Conversions.Length < MaxConversions ? Conversions : Conversions.RemoveAt(0)).Add(added) }
            : added.IsSafe && !Conversions[place].IsSafe ? this with { Conversions = Conversions.SetItem(place, added) }
            : this;
    }

    /// <summary>Returns the snapshot without the mark of a conversion that was reported under the person's former code.</summary>
    internal VisitorSnapshot WithoutInherited(ConversionKey key) => FormerOf(key) is not null
        ? this with { Conversions = Conversions.RemoveAt(PlaceOf(key)) }
        : this;

    /// <summary>Returns the former code under which a conversion was reported; null if it was not, or if its event is safe.</summary>
    internal string? FormerOf(ConversionKey key) =>
        PlaceOf(key) is var place and >= 0 && Conversions[place] is { IsSafe: false, Former: { } former } ? former : null;

    /// <summary>Returns the snapshot with the person's code noted at each conversion whose event is not safe.</summary>
    internal VisitorSnapshot Bequeathing(string heir) => Conversions.Any(static mark => !mark.IsSafe)
        ? this with { Conversions = [.. Conversions.Select(mark => mark.IsSafe ? mark : mark with { Heir = heir })] }
        : this;

    /// <summary>Returns the person's code that has to be told when the event of a conversion is safe, or null.</summary>
    internal string? HeirOf(ConversionKey key) => PlaceOf(key) is var place and >= 0 ? Conversions[place].Heir : null;

    /// <summary>Returns the place of a reported conversion, or -1.</summary>
    internal int PlaceOf(ConversionKey key)
    {
        for (var place = 0; place < Conversions.Length; place++)
        {
            if (Conversions[place].Key == key)
            {
                return place;
            }
        }

        return -1;
    }

    internal bool CanHold(in TrackingEvent added) =>
        Consent != Consent.Refused && (Held.Length < MaxHeld || PlaceOfReplaced(added) >= 0);

    /// <summary>Returns the snapshot with a consent.</summary>
    /// <param name="answer">The visitor's consent.</param>
    /// <param name="holdsOn">Whether waiting events are kept.</param>
    internal VisitorSnapshot With(Consent answer, bool holdsOn) =>
        answer == Consent ? this
        : ReferenceEquals(this, Empty) || ReferenceEquals(this, Given) || ReferenceEquals(this, Refused)
            ? answer switch { Consent.Given => Given, Consent.Refused => Refused, _ => Empty }
        : this with { Consent = answer, Held = holdsOn ? Held : [] };

    /// <summary>Returns the snapshot with custom data, forced variations and reported conversions of the person's other code
    /// added. Own values are kept.</summary>
    /// <param name="former">The other code.</param>
    /// <param name="other">The snapshot of the other code.</param>
    /// <param name="except">The index of custom data that is not copied, or null.</param>
    internal VisitorSnapshot Inheriting(string former, VisitorSnapshot other, int? except)
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

        var own = data.IsSameAs(CustomData) && forced.IsSameAs(Forced) ? this : this with { CustomData = data, Forced = forced };
        foreach (var mark in other.Conversions)
        {
            own = own.Converting(mark.IsSafe || mark.Former is not null ? mark : mark with { Former = former });
        }

        return own;
    }

    /// <summary>Returns the snapshot with a waiting event added, replacing an earlier event of the same meaning. Returns
    /// this snapshot when the event cannot wait.</summary>
    internal VisitorSnapshot Holding(in TrackingEvent added)
    {
        if (!CanHold(added))
        {
            return this;
        }

        var place = PlaceOfReplaced(added);
        return this with { Held = (place < 0 ? Held : Held.RemoveAt(place)).Add(added) };
    }

    /// <summary>Whether an exposure can wait for the next page: the limit is not reached, and the same exposure does
    /// not wait already.</summary>
    internal bool CanCarry(in Exposure added, bool isAhead = false) => Carried.Length < MaxCarried && !IsCarried(added, isAhead);

    /// <summary>Whether an exposure waits for the next page.</summary>
    internal bool IsCarried(in Exposure exposure, bool isAhead = false)
    {
        foreach (var carried in Carried)
        {
            if (!carried.IsTaken && carried.IsAhead == isAhead && carried.Exposure == exposure)
            {
                return true;
            }
        }

        return false;
    }

    private int PlaceOfReplaced(in TrackingEvent added)
    {
        for (var i = 0; i < Held.Length; i++)
        {
            // An event of a request that is sent again has the nonce that it had before.
            if ((added.Nonce != 0 && Held[i].Nonce == added.Nonce)
                || (added.Data is { } data && Held[i].Data is { } earlier && data.Replaces(earlier)))
            {
                return i;
            }
        }

        return -1;
    }
}
