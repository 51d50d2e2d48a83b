namespace Kameleoon.Hybrid;

/// <summary>A variation that new visitors do not get.</summary>
/// <param name="Tally">The experiment.</param>
/// <param name="Place">The place of the variation.</param>
/// <param name="VariationId">Its id.</param>
/// <param name="ProbeShare">The share of the new visitors who try it.</param>
/// <param name="Round">Other visitors try it in another round.</param>
internal sealed record WithheldVariation(ExperimentTally Tally, int Place, long VariationId, double ProbeShare, int Round)
{
    internal long ExperimentId => Tally.Version.ExperimentId;

    /// <summary>The variation that new visitors get.</summary>
    internal Variation Default => Tally.Version.Default;

    /// <summary>Whether a visitor is one of those who try it.</summary>
    internal bool IsTriedBy(uint hash) => ProbeShare > 0 && VisitorHash.Again(hash, Round) < ProbeShare * uint.MaxValue;
}
