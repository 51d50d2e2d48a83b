using Kameleoon.Hybrid.Sandbox;

namespace Kameleoon.Hybrid.Testing;

/// <summary>Flags that are decided independently of others, with every way in which they can be decided: one flag, or all
/// flags of a mutually exclusive group.</summary>
/// <param name="Choices">The variation of each of the flags, for each way.</param>
internal sealed record Factor(IReadOnlyList<IReadOnlyDictionary<string, string>> Choices)
{
    /// <summary>Reads the factors of some flags of a project.</summary>
    /// <exception cref="ArgumentException">The project has no such flag.</exception>
    internal static IReadOnlyList<Factor> Of(IReadOnlyList<FlagView> all, IEnumerable<string> keys)
    {
        var flags = keys.Distinct(StringComparer.Ordinal).Select(key => all.FirstOrDefault(flag => string.Equals(flag.Key, key, StringComparison.Ordinal))
            ?? throw new ArgumentException($"The project has no flag \"{key}\". It has: {string.Join(", ", all.Select(static flag => flag.Key))}.", nameof(keys)));
        return [.. flags.GroupBy(static flag => flag.Group ?? "alone/" + flag.Key, StringComparer.Ordinal).Select(static group => Of([.. group]))];
    }

    private static Factor Of(FlagView[] members)
    {
        if (members is [{ Group: null } alone])
        {
            return new([.. VariationsOf(alone).Select(variation => Choice(members, alone, variation))]);
        }

        // The group lets a visitor have one of its flags. The others have their default variation.
        var choices = members.SelectMany(member => VariationsOf(member).Select(variation => Choice(members, member, variation)))
            .Append(Choice(members, members[0], OutsideOf(members[0])));
        return new([.. choices.DistinctBy(static choice => string.Join('\n', choice.Values), StringComparer.Ordinal)]);
    }

    private static Dictionary<string, string> Choice(FlagView[] members, FlagView chosen, string variation) => members.ToDictionary(
        static member => member.Key, member => member == chosen ? variation : OutsideOf(member), StringComparer.Ordinal);

    private static string OutsideOf(FlagView flag) => flag.Enabled ? flag.Default : Variation.OffKey;

    // In the order of the rules. A rule for everybody with all of its traffic ends it.
    private static IEnumerable<string> VariationsOf(FlagView flag)
    {
        if (!flag.Enabled)
        {
            return [Variation.OffKey];
        }

        var variations = new List<string>();
        foreach (var rule in flag.Rules.Where(static rule => rule.Traffic > 0))
        {
            var shares = rule.IsDelivery ? rule.Shares.Take(1) : rule.Shares.Where(static share => share.Share > 0);
            variations.AddRange(shares.Select(static share => share.Key));
            if (rule is { SegmentId: null, Traffic: >= 1 } && (rule.IsDelivery || rule.Shares.Sum(static share => share.Share) >= 1 - 1e-9))
            {
                return variations.Distinct(StringComparer.Ordinal);
            }
        }

        return variations.Append(flag.Default).Distinct(StringComparer.Ordinal);
    }
}
