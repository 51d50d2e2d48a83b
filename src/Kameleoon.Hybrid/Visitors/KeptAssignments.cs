using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Compares the saved assignments of a visitor with decisions. Assignments were mostly saved in the order of
/// decision, so each is looked for behind the one before.</summary>
/// <param name="saved">The assignments.</param>
/// <param name="since">Assignments of an earlier time do not count as kept.</param>
/// <param name="areReported">Whether only reported assignments count as kept.</param>
internal ref struct KeptAssignments(SavedAssignment[] saved, DateTimeOffset since, bool areReported)
{
    private readonly long _since = since.UtcTicks;
    private int _next;

    /// <summary>How many exposures have been looked for.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether all exposures of decisions are kept. A flag that could not be decided has no assigned variation.
    /// </summary>
    internal bool Include(FlagDecisions all)
    {
        var areKept = true;
        foreach (ref readonly var decision in all.Enumerate())
        {
            areKept &= Include(decision.Variation) & (decision.Holdout is null || !decision.IsDecided || Include(decision.Holdout));
        }

        return areKept;
    }

    private bool Include(Variation variation)
    {
        if (variation is not { IsAssignment: true, Id: { } id, ExperimentId: { } experimentId })
        {
            return true;
        }

        Count++;
        var place = SavedAssignment.IndexOf(saved, experimentId, _next);
        if (place < 0)
        {
            return false;
        }

        _next = place + 1;
        ref readonly var found = ref saved[place];
        return found.VariationId == id && found.IsSince(_since) && (!areReported || found.IsReported);
    }
}
