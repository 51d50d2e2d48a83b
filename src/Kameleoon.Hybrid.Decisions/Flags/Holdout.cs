using System.Collections.Immutable;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The experiment of a site that keeps a share of the visitors out of all flags.</summary>
internal sealed class Holdout(long experimentId, ImmutableArray<ExposedVariation> exposed)
{
    private const string HeldOutKey = "in-holdout";

    internal HashSuffix Suffix { get; } = HashSuffix.OfId(experimentId);

    internal ImmutableArray<ExposedVariation> Exposed => exposed;

    internal IReadOnlyList<Variation> Variations { get; } = [.. exposed.Select(entry => entry.Variation)];

    /// <summary>Returns the visitor's variation of the holdout experiment.</summary>
    /// <remarks>It is reported whether the visitor is held out or not.</remarks>
    /// <param name="hash">The visitor's hash for the holdout, 0 to 1.</param>
    internal Variation? Assign(double hash) => ExposedVariation.Select(exposed, hash);

    /// <summary>Whether an assigned variation of the holdout experiment keeps the visitor out of all flags.</summary>
    internal static bool IsHeldOut(Variation? assigned) =>
        string.Equals(assigned?.Key, HeldOutKey, StringComparison.Ordinal);
}
