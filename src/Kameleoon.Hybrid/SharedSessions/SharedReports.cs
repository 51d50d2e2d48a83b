using System.Collections.Immutable;
using System.Globalization;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Converts what the servers of a farm report once for a visitor to entries of the shared store, and back: the
/// exposures of redirects that wait for the visitor's next page, and the conversions with an id.</summary>
internal static class SharedReports
{
    private const string CarriedPrefix = "carried:";
    private const string AheadPrefix = "ahead:";
    private const string ConversionPrefix = "conversion:";

    /// <summary>Returns the entries that a change has to write.</summary>
    internal static IEnumerable<VisitorSessionEntry> Changes(string code, VisitorSnapshot before, VisitorSnapshot after) =>
        [.. CarriedChanges(code, before.Carried, after.Carried), .. ConversionChanges(code, before.Conversions, after.Conversions)];

    /// <summary>Whether an entry is about an exposure that waits for the visitor's next page, or waited.</summary>
    internal static bool IsCarried(VisitorSessionEntry entry) =>
        entry.Name.StartsWith(CarriedPrefix, StringComparison.Ordinal) || IsAhead(entry);

    /// <summary>Returns the exposure that waits on another server for the visitor's next page, or null.</summary>
    internal static Exposure? CarriedOf(VisitorSessionEntry entry, DataFile dataFile) =>
        IsCarried(entry)
        && entry.Values is [var first, var second]
        && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var experiment)
        && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var variation)
            ? Exposure.Find(dataFile, experiment, variation)
            : null;

    /// <summary>Returns the entry that tells the other servers that an exposure does not wait any more.</summary>
    internal static VisitorSessionEntry Withdrawn(string code, in Exposure exposure, bool isAhead) =>
        new(code, NameOf(exposure, isAhead), []);

    /// <summary>Whether an entry is about a redirect that was fetched ahead.</summary>
    internal static bool IsAhead(VisitorSessionEntry entry) => entry.Name.StartsWith(AheadPrefix, StringComparison.Ordinal);

    /// <summary>Returns the snapshot with an entry of another server, or the same snapshot when the entry is known or
    /// about anything else.</summary>
    internal static VisitorSnapshot With(VisitorSnapshot known, VisitorSessionEntry entry, DataFile dataFile)
    {
        if (IsCarried(entry))
        {
            return CarriedOf(entry, dataFile) is { } exposure
                ? known.CanCarry(exposure, IsAhead(entry))
                    ? known with { Carried = known.Carried.Add(CarriedExposure.Elsewhere(entry.VisitorCode, exposure, IsAhead(entry))) }
                    : known
                : entry.Values.Count == 0 ? WithoutCarried(known, entry.Name) : known;
        }

        if (!entry.Name.StartsWith(ConversionPrefix, StringComparison.Ordinal))
        {
            return known;
        }

        return KeyOf(entry) is { } key
            ? known.Converting(new ConversionMark(key, IsSafe: true))
            : known.Conversions.FirstOrDefault(earlier => IsSame(NameOf(earlier.Key), entry.Name)) is { Key.Id: not null } released
                ? known with { Conversions = known.Conversions.Remove(released) }
                : known;
    }

    private static IEnumerable<VisitorSessionEntry> CarriedChanges(
        string code, ImmutableArray<CarriedExposure> before, ImmutableArray<CarriedExposure> after)
    {
        if (before == after)
        {
            yield break;
        }

        foreach (var gone in before)
        {
            if (!after.Any(carried => carried.IsAhead == gone.IsAhead && carried.Exposure == gone.Exposure))
            {
                yield return Withdrawn(code, gone.Exposure, gone.IsAhead);
            }
        }

        foreach (var added in after)
        {
            if (!added.IsElsewhere && !before.Contains(added))
            {
                yield return new(
                    code,
                    NameOf(added.Exposure, added.IsAhead),
                    [Text(added.Exposure.ExperimentId), Text(added.Exposure.VariationId)]);
            }
        }
    }

    // Other servers are told of an event that is safe. They report again what a server had in memory when it ended.
    private static IEnumerable<VisitorSessionEntry> ConversionChanges(
        string code, ImmutableArray<ConversionMark> before, ImmutableArray<ConversionMark> after)
    {
        if (before == after)
        {
            yield break;
        }

        foreach (var gone in before)
        {
            if (gone.IsSafe && !after.Contains(gone))
            {
                yield return new(code, NameOf(gone.Key), []);
            }
        }

        foreach (var (added, isSafe) in after.Except(before))
        {
            if (isSafe)
            {
                yield return new(code, NameOf(added), [Text(added.GoalId), added.Negative ? bool.TrueString : bool.FalseString, added.Id]);
            }
        }
    }

    // The other server does not report it any more.
    private static VisitorSnapshot WithoutCarried(VisitorSnapshot known, string name)
    {
        var gone = known.Carried.Where(carried => IsSame(NameOf(carried.Exposure, carried.IsAhead), name)).ToArray();
        foreach (var carried in gone)
        {
            carried.TryTake();
        }

        return gone.Length == 0 ? known : known with { Carried = known.Carried.RemoveRange(gone) };
    }

    private static ConversionKey? KeyOf(VisitorSessionEntry entry) =>
        entry.Values is [var goal, var negative, { Length: > 0 } id]
        && int.TryParse(goal, NumberStyles.None, CultureInfo.InvariantCulture, out var goalId)
            ? new ConversionKey(goalId, string.Equals(negative, bool.TrueString, StringComparison.Ordinal), id)
            : null;

    private static string NameOf(in Exposure exposure, bool isAhead) =>
        (isAhead ? AheadPrefix : CarriedPrefix) + Text(exposure.VariationId);

    // Ids are longer than the names of entries may be.
    private static string NameOf(ConversionKey key) =>
        ConversionPrefix + key.NonceFor("").ToString("X16", CultureInfo.InvariantCulture);

    private static bool IsSame(string first, string second) => string.Equals(first, second, StringComparison.Ordinal);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
