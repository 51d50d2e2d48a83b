using System.Globalization;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Converts what is known of a visitor to entries of the shared store, and back.</summary>
/// <remarks>Each datum is an entry of its own, so that servers which change different data do not overwrite each other.
/// </remarks>
internal static class SharedData
{
    private const string ConsentName = "consent";
    private const string DataPrefix = "data:";
    private const string ForcedPrefix = "forced:";
    private const string Targeted = "targeted";
    private const string Everyone = "anybody";

    /// <summary>Returns the entries that a change has to write.</summary>
    internal static IEnumerable<VisitorSessionEntry> Changes(string code, VisitorSnapshot before, VisitorSnapshot after)
    {
        if (after.Consent != before.Consent && after.Consent != Consent.Unknown)
        {
            yield return new(code, ConsentName, [after.Consent.ToString()]);
        }

        if (!after.CustomData.IsSameAs(before.CustomData))
        {
            foreach (var (index, values) in after.CustomData.Entries.ToArray())
            {
                if (!ReferenceEquals(values, before.CustomData.Find(index)))
                {
                    yield return new(code, NameOf(DataPrefix, index), values);
                }
            }
        }

        if (!after.Forced.IsSameAs(before.Forced))
        {
            foreach (var (experiment, forced) in after.Forced.Entries.ToArray())
            {
                if (!ReferenceEquals(forced, before.Forced.Find(experiment)))
                {
                    yield return new(code, NameOf(ForcedPrefix, experiment),
                        [forced.Variation.Key, forced.ForceTargeting ? Everyone : Targeted]);
                }
            }

            foreach (var (experiment, _) in before.Forced.Entries.ToArray())
            {
                if (after.Forced.Find(experiment) is null)
                {
                    yield return new(code, NameOf(ForcedPrefix, experiment), []);
                }
            }
        }
    }

    /// <summary>Returns the consent that an entry holds, or null for an entry about anything else.</summary>
    internal static Consent? ConsentOf(VisitorSessionEntry entry) =>
        entry is { Name: ConsentName, Values: [var text] } && Enum.TryParse<Consent>(text, out var answer) ? answer : null;

    /// <summary>Returns the snapshot with an entry added, or the same snapshot when the entry is known or unreadable.</summary>
    internal static VisitorSnapshot With(VisitorSnapshot known, VisitorSessionEntry entry, DataFile dataFile)
    {
        if (NumberOf(entry, DataPrefix) is { } index)
        {
            return known.CustomData.Find((int)index) is { } same && same.SequenceEqual(entry.Values, StringComparer.Ordinal)
                ? known
                : known with { CustomData = known.CustomData.With((int)index, entry.Values) };
        }

        if (NumberOf(entry, ForcedPrefix) is not { } experiment)
        {
            return known;
        }

        var before = known.Forced.Find(experiment);
        if (entry.Values is not [var key, var targeting])
        {
            return before is null ? known : known with { Forced = known.Forced.Without(experiment) };
        }

        var forcesTargeting = string.Equals(targeting, Everyone, StringComparison.Ordinal);
        var isKnown = before is not null
            && before.ForceTargeting == forcesTargeting
            && string.Equals(before.Variation.Key, key, StringComparison.Ordinal);
        return !isKnown && dataFile.TryForce(experiment, key, forcesTargeting, out var forced) == ForcedVariationResult.Forced
            ? known with { Forced = known.Forced.With(experiment, forced!) }
            : known;
    }

    private static string NameOf(string prefix, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");

    private static long? NumberOf(VisitorSessionEntry entry, string prefix) =>
        entry.Name.StartsWith(prefix, StringComparison.Ordinal)
        && long.TryParse(entry.Name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
