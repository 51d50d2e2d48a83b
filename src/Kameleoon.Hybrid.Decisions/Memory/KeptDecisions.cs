namespace Kameleoon.Hybrid.Decisions;

/// <summary>The decisions of one flag that were met so far, so that all visitors who get the same share it.</summary>
internal struct KeptDecisions
{
    // Rules times variations times those of the holdout: a flag that exceeds this shares no more of them.
    private const int Max = 64;

    private KeptDecision[]? _met;

    internal KeptDecision Keep(in Decision decision)
    {
        var met = Volatile.Read(ref _met);
        foreach (var kept in met.AsSpan())
        {
            if (AreSame(kept.Value, decision))
            {
                return kept;
            }
        }

        var added = new KeptDecision(decision);

        // Forced and simulated variations are made per visitor and would pile up here.
        if (decision.Variation.Reason is not (DecisionReason.Forced or DecisionReason.Simulated)
            && met is not { Length: >= Max })
        {
            Interlocked.CompareExchange(ref _met, [.. met ?? [], added], met);
        }

        return added;
    }

    private static bool AreSame(in Decision one, in Decision other) =>
        ReferenceEquals(one.Variation, other.Variation)
        && ReferenceEquals(one.Rule, other.Rule)
        && ReferenceEquals(one.Holdout, other.Holdout)
        && ReferenceEquals(one.Flag, other.Flag);
}

/// <summary>A decision as an object, of which a thread sees all or nothing.</summary>
internal sealed class KeptDecision(in Decision decision)
{
    internal readonly Decision Value = decision;
}
