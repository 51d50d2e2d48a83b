using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>A variation of an experiment that was decided for a visitor.</summary>
/// <param name="ExperimentId">The experiment of the rule or of the holdout.</param>
/// <param name="VariationId">The variation's id.</param>
/// <param name="RunsInBrowser">Whether the engine runs code of the variation, besides reporting it.</param>
/// <param name="IsTargetedDelivery">Whether a delivery rule chose the variation. Deliveries need no consent.</param>
internal readonly record struct Exposure(
    long ExperimentId,
    long VariationId,
    bool RunsInBrowser,
    bool IsTargetedDelivery)
{
    /// <summary>Returns the exposure of a decision, or null when the variation has no ids and is not
    /// reported.</summary>
    internal static Exposure? Of(Variation? variation, FeatureFlag? flag = null, Rule? rule = null) =>
        variation is { IsAssignment: true, Id: { } id, ExperimentId: { } experimentId }
            ? new Exposure(experimentId, id, flag?.RunsInBrowser ?? false, rule?.IsTargetedDelivery ?? false)
            : null;

    /// <summary>Finds the exposure of two ids in a data file, or null when the data file does not have them.</summary>
    internal static Exposure? Find(DataFile dataFile, long experimentId, long variationId)
    {
        foreach (var flag in dataFile.Flags)
        {
            foreach (var rule in flag.Rules)
            {
                if (rule.ExperimentId == experimentId
                    && rule.Variations.Values.FirstOrDefault(variation => variation.Id == variationId) is { } found)
                {
                    return Of(found, flag, rule);
                }
            }
        }

        return Of(dataFile.HoldoutVariations.FirstOrDefault(
            variation => variation.ExperimentId == experimentId && variation.Id == variationId));
    }
}
