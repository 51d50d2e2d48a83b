using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Compares the saved assignments of a visitor with decisions. Assignments were mostly saved in the order of
/// decision, so each is looked for behind the one before.</summary>
/// <param name="saved">The assignments.</param>
/// <param name="since">Assignments of an earlier time do not count as kept.</param>
/// <param name="areReported">Whether only reported assignments count as kept.</param>
internal readonly ref struct KeptAssignments(SavedAssignment[] saved, DateTimeOffset since, bool areReported)
{
    private readonly long _since = since.UtcTicks;

    /// <summary>Whether all exposures of decisions are kept. A flag that could not be decided has no assigned variation.
    /// </summary>
    /// <param name="all">The decisions.</param>
    /// <param name="count">The number of exposures.</param>
    internal bool Include(FlagDecisions all, out int count)
    {
        var (areKept, next, exposures) = (true, 0, 0);
        Variation? known = null;
        foreach (ref readonly var decision in all.Enumerate())
        {
            if (decision.Variation is { IsAssignment: true } variation)
            {
                next = FindEnd(variation, next);
                areKept &= next > 0;
                exposures++;
            }

            if (decision.Holdout is { IsAssignment: true } holdout && decision.IsDecided)
            {
                // All flags have the same.
                areKept &= ReferenceEquals(holdout, known) || FindEnd(holdout, 0) > 0;
                known = holdout;
                exposures++;
            }
        }

        count = exposures;
        return areKept;
    }

    // The place behind the assignment of a variation, or 0 if it is not kept.
    private int FindEnd(Variation variation, int start)
    {
        // Mostly the next one, which is found without a call.
        var experimentId = variation.ExperimentId.GetValueOrDefault();
        var place = start < saved.Length && saved[start].ExperimentId == experimentId
            ? start
            : SavedAssignment.IndexOf(saved, experimentId, start);
        if (place < 0)
        {
            return 0;
        }

        ref readonly var found = ref saved[place];
        return found.VariationId == variation.Id && found.IsSince(_since) && (!areReported || found.IsReported) ? place + 1 : 0;
    }
}
