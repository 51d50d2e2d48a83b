using System.Collections.Immutable;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The site-wide experiment that keeps a share of the visitors out of all flags.</summary>
internal sealed class Holdout(long experimentId, ImmutableArray<ExposedVariation> exposed)
{
    private const string HeldOutKey = "in-holdout";

    internal HashedId Hash { get; } = HashedId.Of(experimentId);

    internal ImmutableArray<ExposedVariation> Exposed => exposed;

    internal IReadOnlyList<Variation> Variations { get; } = [.. exposed.Select(entry => entry.Variation)];

    /// <summary>The visitor's variation of the holdout experiment, which is reported for both outcomes.</summary>
    internal Variation? Assign(double hash) => ExposedVariation.Select(exposed, hash);

    internal static bool Holds(Variation? assigned) =>
        string.Equals(assigned?.Key, HeldOutKey, StringComparison.Ordinal);
}
