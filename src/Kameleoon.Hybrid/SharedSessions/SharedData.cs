using System.Globalization;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Turns what is known of a visitor into entries of the shared store, and back.</summary>
/// <remarks>Each entry stands for itself, so that servers which change different ones do not overwrite each other.</remarks>
internal static class SharedData
{
    private const string ConsentName = "consent";
    private const string DataPrefix = "data:";
    private const string ForcedPrefix = "forced:";
    private const string Targeted = "targeted";
    private const string Anybody = "anybody";

    /// <summary>What other servers have to hear after a change.</summary>
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
                        [forced.Variation.Key, forced.ForceTargeting ? Anybody : Targeted]);
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

    /// <summary>The answer that an entry tells, or null where it tells something else.</summary>
    internal static Consent? ConsentOf(VisitorSessionEntry entry) =>
        entry is { Name: ConsentName, Values: [var text] } && Enum.TryParse<Consent>(text, out var answer) ? answer : null;

    /// <summary>What is known together with an entry; nothing changes where that is known, or not understood.</summary>
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
        if (entry.Values is not [var key, var who])
        {
            return before is null ? known : known with { Forced = known.Forced.Without(experiment) };
        }

        var isAnybodys = string.Equals(who, Anybody, StringComparison.Ordinal);
        var isKnown = before is not null
            && before.ForceTargeting == isAnybodys
            && string.Equals(before.Variation.Key, key, StringComparison.Ordinal);
        return !isKnown && dataFile.TryForce(experiment, key, isAnybodys, out var forced) == ForcedVariationResult.Forced
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
