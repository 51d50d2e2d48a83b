using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>A visitor met one variation of one experiment.</summary>
/// <param name="ExperimentId">The experiment of the rule, or the holdout's.</param>
/// <param name="VariationId">The variation's id.</param>
/// <param name="RunsInBrowser">Whether the engine has to run code of the variation, not only report it.</param>
/// <param name="IsTargetedDelivery">Whether a delivery rule chose it, which needs no consent.</param>
internal readonly record struct Exposure(
    long ExperimentId,
    long VariationId,
    bool RunsInBrowser,
    bool IsTargetedDelivery)
{
    /// <summary>The exposure a decision leads to, or null: a variation without ids is not reported.</summary>
    internal static Exposure? Of(Variation? variation, FeatureFlag? flag = null, Rule? rule = null) =>
        variation is { IsAssignment: true, Id: { } id, ExperimentId: { } experimentId }
            ? new Exposure(experimentId, id, flag?.RunsInBrowser ?? false, rule?.IsTargetedDelivery ?? false)
            : null;

    /// <summary>Finds what a data file says about two ids, or null when it does not know them.</summary>
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
