using System.Collections.Immutable;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A variation with its share of a rule's traffic.</summary>
internal readonly record struct ExposedVariation(Variation Variation, double Share)
{
    /// <summary>Picks the entry whose running sum of shares first reaches the hash, or null.</summary>
    /// <remarks>Doubles are added in file order and never normalised, as the official SDKs do.</remarks>
    internal static Variation? Select(ImmutableArray<ExposedVariation> entries, double hash)
    {
        var total = 0.0;
        foreach (var entry in entries)
        {
            total += entry.Share;
            if (total >= hash)
            {
                return entry.Variation;
            }
        }

        return null;
    }
}
