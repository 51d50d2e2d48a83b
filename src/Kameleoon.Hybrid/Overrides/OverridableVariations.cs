using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Lists the variations that a browser can be shown.</summary>
internal static class OverridableVariations
{
    /// <summary>Returns the keys of a flag's variations in file order, the default one included.</summary>
    internal static string[] Of(FeatureFlag flag) => flag.Variations.ContainsKey(flag.DefaultVariationKey)
        ? [.. flag.Variations.Keys]
        : [flag.DefaultVariationKey, .. flag.Variations.Keys];
}
