using System.Collections.Immutable;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A variation with its share of a rule's traffic.</summary>
internal readonly record struct ExposedVariation(Variation Variation, double Share)
{
    /// <summary>
    /// Returns the first variation at which the running sum of shares reaches the hash, or null for none.
    /// </summary>
    /// <remarks>The shares are added in file order and not normalised, as in the official SDKs.</remarks>
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
