namespace Kameleoon.Hybrid;

/// <summary>The names of the elements that choose by variation, for messages about their misuse.</summary>
/// <param name="Flag">The element around the variations.</param>
/// <param name="Variation">The element of one variation.</param>
/// <param name="Else">The element for all other visitors.</param>
/// <param name="KeyAttribute">The attribute of <paramref name="Variation"/> with the variation's key.</param>
/// <param name="FlagAttribute">The attribute of <paramref name="Variation"/> with the flag's key.</param>
internal sealed record VariationElements(
    string Flag, string Variation, string Else, string KeyAttribute, string FlagAttribute)
{
    internal static VariationElements Tags { get; } =
        new("kameleoon-flag", "kameleoon-variation", "kameleoon-else", "key", "flag");

    internal static VariationElements Components { get; } =
        new("KameleoonFlag", "KameleoonVariation", "KameleoonElse", "Key", "Flag");
}
