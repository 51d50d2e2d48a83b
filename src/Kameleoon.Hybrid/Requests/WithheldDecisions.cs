using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Decides which visitors get the default variation while another one is withheld from new visitors.</summary>
internal static class WithheldDecisions
{
    /// <summary>Returns the decision, or one for the default variation, which is no exposure.</summary>
    internal static Decision Apply(
        VariationGuard guard, WithheldVariation withheld, in Decision decision, string visitorCode, VisitorSession? session,
        bool isCounted)
    {
        var hash = VisitorHash.Of(visitorCode, withheld.ExperimentId);
        if (withheld.IsTriedBy(hash))
        {
            return decision;
        }

        var wasExposed = session?.Record.FindVariation(withheld.ExperimentId) == withheld.VariationId;
        var keeps = wasExposed && !guard.Options.WithholdFromExposed;
        if (isCounted)
        {
            withheld.Tally.Mark(hash, withheld.Place, keeps ? GuardSigns.Kept : GuardSigns.Withheld);
        }

        return keeps ? decision : decision with { Variation = withheld.Default, Rule = null };
    }

    /// <summary>Adds to an explanation that its variation is withheld.</summary>
    internal static Explanation Explain(Explanation explanation, in Decision guarded) =>
        ReferenceEquals(guarded.Variation, explanation.Decision.Variation)
            ? explanation
            : explanation.Continue(guarded, new ExplanationStep(
                ExplanationStepKind.Guard,
                Depth: 0,
                $"New visitors do not get {explanation.Decision.Variation.Key} at present, because its responses fail or are slow",
                Passed: false));
}
